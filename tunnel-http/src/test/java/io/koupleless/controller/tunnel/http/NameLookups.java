package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.discovery.BaseSourceListener;
import io.koupleless.controller.discovery.FoundBase;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A process that looks a name up as the controller does, at a name server of its own, and prints
 * what it hears: zone file, name and port, period in milliseconds.
 */
final class NameLookups implements BaseSourceListener {
    private NameLookups() {}

    public static void main(String[] arguments) throws Exception {
        new NameServer(Path.of(arguments[0]), InetAddress.ofLiteral("127.0.0.1")).start();
        Duration period = Duration.ofMillis(Long.parseLong(arguments[2]));
        try (DnsSource source = new DnsSource(List.of(arguments[1]), period)) {
            source.start(new NameLookups());
            new CountDownLatch(1).await();
        }
    }

    @Override
    public void found(FoundBase base) {
        System.out.println("found " + base.address());
    }

    @Override
    public void leaving(BaseAddress address) {
        System.out.println("leaving " + address);
    }

    @Override
    public void gone(BaseAddress address) {
        System.out.println("gone " + address);
    }

    @Override
    public void lost(BaseAddress address) {
        System.out.println("lost " + address);
    }
}
