package io.koupleless.controller.testkit.playground;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Over what the two bases of the playground are reached. */
enum TunnelChoice {
    MQTT("mqtt"),
    HTTP("http"),
    /** The first base over MQTT, the second over HTTP. */
    BOTH("mqtt,http");

    private final String profiles;

    TunnelChoice(String profiles) {
        this.profiles = profiles;
    }

    /** As on the command line; empty if there is no such choice. */
    static Optional<TunnelChoice> of(String word) {
        return Arrays.stream(values()).filter(choice -> choice.word().equals(word)).findFirst();
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Of the controller. */
    String profiles() {
        return profiles;
    }

    boolean needsBroker() {
        return this != HTTP;
    }

    boolean looksForPods() {
        return this != MQTT;
    }

    /**
     * Whether a base announces itself to the broker; else it is found by its Pod.
     *
     * @param base 1 or 2
     */
    boolean isOverMqtt(int base) {
        return this == MQTT || this == BOTH && base == 1;
    }
}
