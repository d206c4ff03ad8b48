package io.koupleless.controller.kube;

import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Outcome;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what a virtual node asks of Kubernetes; blocks, so that each runs on a virtual thread. */
public final class KubeEffects {
    private static final Logger LOG = LoggerFactory.getLogger(KubeEffects.class);

    private final LeaseStore leases;
    private final RecordStore records;
    private final NodeWriter nodes;
    private final PodWriter pods;
    private final EventWriter events;
    private final Clock clock;

    /**
     * @param allAreModules a Pod counts as a module's without our label too
     */
    public KubeEffects(
            KubeClients clients, KubeIdentity identity, boolean allAreModules, Clock clock) {
        KubeRequests requests = new KubeRequests(clients);
        this.leases = LeaseStore.ofNodes(requests, identity.env());
        this.records = new RecordStore(requests, identity, clock);
        this.nodes = new NodeWriter(requests, identity.version(), clock);
        this.pods = new PodWriter(requests, PodReader.reader(allAreModules));
        this.clock = clock;
        this.events = new EventWriter(requests, identity.instance(), clock);
    }

    /**
     * Every failure is an outcome.
     *
     * @throws IllegalArgumentException for an effect that is none of Kubernetes' business
     */
    public Outcome run(NodeName node, Effect effect) {
        if (effect instanceof Effect.OfBase || effect instanceof Effect.Retire) {
            throw new IllegalArgumentException("not for Kubernetes: " + effect.getClass());
        }
        try {
            return dispatch(node, effect);
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("node", node)
                    .addKeyValue("effect", effect.getClass().getSimpleName())
                    .setCause(e)
                    .log("The API server's answer cannot be understood");
            return new Outcome.Failed("unreadable answer: " + e.getMessage());
        }
    }

    private Outcome dispatch(NodeName node, Effect effect) {
        return switch (effect) {
            case Effect.ReadLease() -> leases.read(node.value());
            case Effect.WriteLease(var write) -> leases.write(node.value(), write);
            case Effect.DeleteLease() -> leases.delete(node.value());
            case Effect.ReadRecord() -> records.read(node);
            case Effect.WriteRecord(var record, var version) ->
                    records.write(node, record, version);
            case Effect.ExpireRecord() -> records.expire(node);
            case Effect.CreateNode create -> nodes.create(node, create);
            case Effect.PatchNodeSpec(var spec, var observed) ->
                    nodes.patchSpec(node, spec, observed);
            case Effect.PatchNodeStatus(var status) -> nodes.patchStatus(node, status);
            case Effect.DeleteNode(var uid, var version) -> nodes.delete(node, uid, version);
            case Effect.PatchPodStatus patch -> pods.patchStatus(patch);
            case Effect.PatchBasePod patch -> pods.patchGate(patch, clock.instant());
            case Effect.DeletePod(var pod) -> pods.delete(pod);
            case Effect.ReadPod(var pod) -> pods.read(pod);
            case Effect.ReadPods() -> pods.readAll(node);
            case Effect.Words words -> {
                events.write(node, words);
                yield new Outcome.Done();
            }
            case Effect.OfBase _, Effect.Count _, Effect.Retire _ ->
                    throw new IllegalArgumentException("not for Kubernetes");
        };
    }
}
