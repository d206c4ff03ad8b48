package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.discovery.BaseSource;
import io.koupleless.controller.discovery.BaseSourceListener;
import io.koupleless.controller.discovery.FoundBase;
import java.util.List;

/** Bases at addresses that were written down. */
public final class StaticSource implements BaseSource {
    private final List<BaseAddress> addresses;

    /**
     * @param addresses such as {@code 10.0.0.1:1238} or {@code [fd00::1]:1238}
     * @throws IllegalArgumentException if one is not: names belong to {@link DnsSource}
     */
    public StaticSource(List<String> addresses) {
        this.addresses = addresses.stream().map(HostPort::of).map(HostPort::address).toList();
    }

    @Override
    public String name() {
        return "static";
    }

    @Override
    public void start(BaseSourceListener listener) {
        addresses.forEach(address -> listener.found(new FoundBase(address, "", "", "", "")));
    }

    @Override
    public void close() {
        // nothing runs
    }
}
