package io.koupleless.controller.app.failure;

import io.koupleless.controller.kube.KubernetesUnavailableException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** There is no API server; the message names the setting. */
final class KubernetesAnalyzer extends AbstractFailureAnalyzer<KubernetesUnavailableException> {
    private static final String FIX =
            "Set KUBECONFIG to a kubeconfig that works here: kubectl cluster-info tells.";

    @Override
    protected FailureAnalysis analyze(Throwable failure, KubernetesUnavailableException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), FIX, cause);
    }
}
