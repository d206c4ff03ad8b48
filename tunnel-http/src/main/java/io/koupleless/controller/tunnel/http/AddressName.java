package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.base.BaseId;

/**
 * What a base is called that calls itself nothing: its IP, or that and its port. An identity
 * becomes part of a Node's name, where a colon cannot be.
 */
record AddressName(String ip, String plain, String withPort) {

    static AddressName of(KnownBase base) {
        String ip = base.address().ip();
        String plain = ip.replace(':', '-');
        return new AddressName(ip, plain, plain + "-" + base.address().port());
    }

    /** True of what such a base says of itself: nothing, or its IP, which is arklet's default. */
    boolean isSaidBy(String said) {
        return said.isEmpty() || said.equals(ip) || said.equals(plain);
    }

    boolean covers(BaseId id) {
        return id.value().equals(plain) || id.value().equals(withPort);
    }
}
