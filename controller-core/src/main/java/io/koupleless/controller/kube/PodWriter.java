package io.koupleless.controller.kube;

import io.koupleless.controller.node.Labels;
import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Outcome;
import io.kubernetes.client.openapi.models.V1Pod;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** Reads single Pods, writes their status and ends them; a Pod of another uid is another Pod. */
final class PodWriter {
    private static final String UID_FIELD = "metadata.uid";

    private final KubeRequests requests;
    private final Pages pages;
    private final Function<V1Pod, ModulePod> reader;

    PodWriter(KubeRequests requests, Function<V1Pod, ModulePod> reader) {
        this.requests = requests;
        this.reader = reader;
        this.pages = new Pages(requests);
    }

    Outcome patchStatus(Effect.PatchPodStatus effect) {
        PodRef pod = effect.pod();
        String ip = effect.status().podIp();
        boolean moved =
                !ip.isEmpty() && !effect.observedIp().isEmpty() && !ip.equals(effect.observedIp());
        if (moved) {
            Reply address =
                    patch(pod, KubeRequests.Patch.MERGE, PodJson.addressPatch(pod.uid(), ip));
            if (!(address instanceof Reply.Ok)) {
                return written(address);
            }
        }
        return written(
                patch(
                        pod,
                        KubeRequests.Patch.STRATEGIC,
                        PodJson.statusPatch(pod.uid(), effect.status())));
    }

    Outcome patchGate(Effect.PatchBasePod gate, Instant now) {
        return written(
                patch(
                        gate.pod(),
                        KubeRequests.Patch.STRATEGIC,
                        PodJson.gatePatch(gate, Labels.MODULES_READY, now)));
    }

    private Reply patch(PodRef pod, KubeRequests.Patch type, ObjectNode body) {
        return requests.patch(ApiPath.pod(pod).status(), type, body);
    }

    private static Outcome written(Reply reply) {
        boolean another =
                reply instanceof Reply.Refused(_, var fields) && fields.contains(UID_FIELD);
        return another ? new Outcome.Missing() : reply.written();
    }

    Outcome delete(PodRef pod) {
        Reply reply = requests.delete(ApiPath.pod(pod), PodJson.deletion(pod.uid()));
        return reply instanceof Reply.Conflict ? new Outcome.Missing() : reply.done();
    }

    Outcome read(PodRef ref) {
        Reply reply = requests.get(ApiPath.pod(ref));
        if (reply instanceof Reply.NotFound) {
            return new Outcome.PodRead(Optional.empty());
        }
        return reply.outcome(ok -> {
            ModulePod pod = reader.apply(ok.as(V1Pod.class));
            return new Outcome.PodRead(
                    Optional.of(pod).filter(p -> p.ref().uid().equals(ref.uid())));
        });
    }

    Outcome readAll(NodeName node) {
        ApiPath path = ApiPath.PODS.with("fieldSelector", "spec.nodeName=" + node.value());
        try {
            return new Outcome.PodsRead(pages.readCached(path, V1Pod.class, reader).items());
        } catch (UnansweredException e) {
            return e.reply().done();
        }
    }
}
