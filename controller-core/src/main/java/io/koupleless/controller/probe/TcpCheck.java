package io.koupleless.controller.probe;

import io.koupleless.controller.pod.CheckResult;
import io.koupleless.controller.pod.Target;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Good is a connection; nothing is said over it. */
final class TcpCheck {

    CheckResult run(Target.Tcp target, Duration timeout) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(target.host(), target.port()), millis(timeout));
            return new CheckResult.Good("");
        } catch (IOException e) {
            return new CheckResult.Bad(
                    "dial tcp %s:%d: %s".formatted(target.host(), target.port(), e.getMessage()),
                    speaker(e));
        }
    }

    /** Only a machine that is there refuses. */
    static CheckResult.Speaker speaker(@Nullable Throwable failure) {
        if (failure == null) {
            return CheckResult.Speaker.NOBODY;
        }
        boolean refused =
                failure instanceof ConnectException
                        && String.valueOf(failure.getMessage()).contains("refused");
        return refused ? CheckResult.Speaker.MACHINE : speaker(failure.getCause());
    }

    private static int millis(Duration timeout) {
        return (int) Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
    }
}
