package io.koupleless.controller.app.failure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** The port of probes and metrics is taken; the message names the setting. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class BusyPortAnalyzer extends AbstractFailureAnalyzer<PortInUseException> {
    private static final String FIX =
            "End who listens there (ss -ltnp tells), or set SERVER_PORT, which is server.port,"
                    + " to another port.";

    @Override
    protected FailureAnalysis analyze(Throwable failure, PortInUseException cause) {
        return new FailureAnalysis(
                "Port %d, for probes and metrics, is in use already.".formatted(cause.getPort()),
                FIX,
                cause);
    }
}
