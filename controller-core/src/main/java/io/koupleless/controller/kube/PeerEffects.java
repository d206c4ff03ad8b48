package io.koupleless.controller.kube;

import io.koupleless.controller.peers.PeerEffect;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.workload.Workload;
import java.time.Clock;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Does what peer Deployments need of Kubernetes; blocks, never throws. */
public final class PeerEffects {
    private static final Logger LOG = LoggerFactory.getLogger(PeerEffects.class);
    private static final String LEASE = "module-controller-peers-";

    private final KubeRequests requests;
    private final LeaseStore leases;
    private final String lease;
    private final EventWriter events;

    public PeerEffects(KubeClients clients, KubeIdentity identity, Clock clock) {
        this.requests = new KubeRequests(clients);
        this.leases = LeaseStore.ofSingletons(requests, identity);
        this.lease = LEASE + identity.env().toLowerCase(Locale.ROOT);
        this.events = new EventWriter(requests, identity.instance(), clock);
    }

    /** Every failure is an outcome. */
    public Outcome run(PeerEffect effect) {
        try {
            return switch (effect) {
                case PeerEffect.OnLease(Effect.WriteLease(var write)) -> leases.write(lease, write);
                case PeerEffect.OnLease read -> leases.read(lease);
                case PeerEffect.Scale scale -> scale(scale);
                case PeerEffect.Tell tell -> {
                    events.write(tell);
                    yield new Outcome.Done();
                }
            };
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("The API server's answer cannot be understood");
            return new Outcome.Failed("unreadable answer: " + e.getMessage());
        }
    }

    private Outcome scale(PeerEffect.Scale scale) {
        Workload deployment = scale.deployment();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("metadata")
                .put("uid", deployment.ref().uid())
                .put("resourceVersion", deployment.resourceVersion());
        body.putObject("spec").put("replicas", scale.replicas());
        ApiPath path =
                ApiPath.deploymentScale(deployment.ref().namespace(), deployment.ref().name());
        Outcome outcome = requests.patch(path, KubeRequests.Patch.MERGE, body).written();
        if (outcome instanceof Outcome.Refused(String why)) {
            LOG.atWarn()
                    .addKeyValue("deployment", deployment.ref())
                    .addKeyValue("answer", why)
                    .log("The replicas of a peer Deployment cannot be set");
        }
        return outcome;
    }
}
