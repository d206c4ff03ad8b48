package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.HttpFakeBases;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A process full of bases that beat: endpoint, number of bases, period in milliseconds. */
final class HeartbeatLoad {
    private HeartbeatLoad() {}

    public static void main(String[] arguments) throws InterruptedException {
        HttpFakeBases bases = HttpFakeBases.open();
        int count = Integer.parseInt(arguments[1]);
        for (int i = 0; i < count; i++) {
            bases.join(FakeBase.of("base-" + i));
        }
        bases.heartbeats(URI.create(arguments[0]), Duration.ofMillis(Long.parseLong(arguments[2])));
        new CountDownLatch(1).await();
    }
}
