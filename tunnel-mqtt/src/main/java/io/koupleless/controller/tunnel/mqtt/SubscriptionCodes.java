package io.koupleless.controller.tunnel.mqtt;

import java.util.List;
import java.util.stream.IntStream;

/** Reads the codes of a SUBACK, in either version. */
final class SubscriptionCodes {
    private static final int FIRST_REFUSAL = 0x80;

    private SubscriptionCodes() {}

    /** The filters that were refused, or that the broker did not mention. */
    static List<String> refused(List<String> filters, int... codes) {
        return IntStream.range(0, filters.size())
                .filter(i -> i >= codes.length || (codes[i] & 0xff) >= FIRST_REFUSAL)
                .mapToObj(filters::get)
                .toList();
    }
}
