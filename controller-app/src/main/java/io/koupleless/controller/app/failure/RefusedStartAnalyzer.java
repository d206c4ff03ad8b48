package io.koupleless.controller.app.failure;

import io.koupleless.controller.app.settings.RefusedStartException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** What the exception says is enough. */
final class RefusedStartAnalyzer extends AbstractFailureAnalyzer<RefusedStartException> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, RefusedStartException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.fix(), cause);
    }
}
