package io.koupleless.controller.kube;

import io.koupleless.controller.lease.LeaseWrite;
import io.koupleless.controller.lease.ObservedLease;
import io.koupleless.controller.node.LabelValue;
import io.koupleless.controller.node.Labels;
import io.koupleless.controller.vnode.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Leases of one namespace; a write that names no version of the Lease creates it. */
final class LeaseStore {
    /** What Kubernetes assumes for node Leases; only for one that says nothing. */
    private static final int USUAL_SECONDS = 40;

    private final KubeRequests requests;
    private final ApiPath leases;
    private final String env;

    private LeaseStore(KubeRequests requests, ApiPath leases, String env) {
        this.requests = requests;
        this.leases = leases;
        this.env = env;
    }

    /** Those of Nodes, named like them. */
    static LeaseStore ofNodes(KubeRequests requests, String env) {
        return new LeaseStore(requests, ApiPath.nodeLeases(), env);
    }

    /** Our own, for what one controller of an environment does. */
    static LeaseStore ofSingletons(KubeRequests requests, KubeIdentity identity) {
        return new LeaseStore(requests, ApiPath.leases(identity.namespace()), identity.env());
    }

    Outcome read(String name) {
        Reply reply = requests.get(leases.child(name));
        if (reply instanceof Reply.NotFound) {
            return new Outcome.LeaseRead(Optional.empty());
        }
        return reply.outcome(ok -> new Outcome.LeaseRead(Optional.of(observed(ok.json()))));
    }

    Outcome write(String name, LeaseWrite write) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = body.putObject("metadata");
        body.set("spec", spec(write));
        if (write.resourceVersion().isPresent()) {
            metadata.put("resourceVersion", write.resourceVersion().get());
            return requests.patch(leases.child(name), KubeRequests.Patch.MERGE, body).written();
        }
        body.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
        metadata.put("name", name);
        metadata.putObject("labels")
                .put(Labels.COMPONENT, Labels.COMPONENT_LEASE)
                .put(Labels.ENV, LabelValue.of(env));
        return requests.create(leases, body).written();
    }

    Outcome delete(String name) {
        return requests.delete(leases.child(name), JsonNodeFactory.instance.objectNode()).done();
    }

    static ObjectNode spec(LeaseWrite write) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        spec.put("holderIdentity", write.holder().isEmpty() ? null : write.holder());
        spec.put("leaseDurationSeconds", Math.max(1, (int) write.duration().toSeconds()));
        spec.put("renewTime", WireTime.micros(write.renewTime()));
        spec.put("leaseTransitions", write.transitions());
        write.acquired().ifPresent(time -> spec.put("acquireTime", WireTime.micros(time)));
        return spec;
    }

    static ObservedLease observed(JsonNode lease) {
        JsonNode spec = lease.path("spec");
        String renewed = spec.path("renewTime").asString("");
        return new ObservedLease(
                lease.at("/metadata/resourceVersion").asString(""),
                spec.path("holderIdentity").asString(""),
                renewed.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(renewed)),
                Duration.ofSeconds(spec.path("leaseDurationSeconds").asInt(USUAL_SECONDS)),
                spec.path("leaseTransitions").asInt(0));
    }
}
