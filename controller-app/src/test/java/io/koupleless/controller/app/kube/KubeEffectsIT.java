package io.koupleless.controller.app.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.kube.KubeClientSettings;
import io.koupleless.controller.kube.KubeClients;
import io.koupleless.controller.kube.KubeEffects;
import io.koupleless.controller.kube.KubeIdentity;
import io.koupleless.controller.kube.RecordSweep;
import io.koupleless.controller.lease.LeaseWrite;
import io.koupleless.controller.lease.ObservedLease;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.node.NodeCondition;
import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.node.NodeSpec;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.node.Taint;
import io.koupleless.controller.pod.ContainerState;
import io.koupleless.controller.pod.ContainerStatus;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.controlplane.ControlPlane;
import io.koupleless.controller.testkit.controlplane.PatchType;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/** Every Kubernetes effect on a real API server. */
@ResourceLock(Lane.WIRE)
class KubeEffectsIT {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
    private static final String NAMESPACE = "effects";
    private static final KubeIdentity IDENTITY =
            new KubeIdentity("Test", NAMESPACE, "replica-0", "1.2.3");

    private static ClusterUser user;
    private static KubeClients clients;
    private static KubeEffects effects;

    @BeforeAll
    static void start() {
        ControlPlane controlPlane = ApiServerAlone.get();
        user = controlPlane.admin();
        user.createNamespace(NAMESPACE);
        user.create(
                """
                {"apiVersion": "v1", "kind": "ServiceAccount",
                 "metadata": {"name": "default", "namespace": "effects"}}
                """);
        clients =
                KubeClients.connect(
                        Optional.of(controlPlane.kubeconfig()),
                        KubeClientSettings.DEFAULTS,
                        new SimpleMeterRegistry());
        effects = new KubeEffects(clients, IDENTITY, false, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @AfterAll
    static void stop() {
        if (clients != null) {
            clients.close();
        }
    }

    private static NodeName node(String base) {
        return NodeName.of(new BaseId(base), "Test").orElseThrow();
    }

    private static String written(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Written.class);
        return ((Outcome.Written) outcome).resourceVersion();
    }

    // Leases

    private static LeaseWrite lease(Optional<String> version, String holder, int transitions) {
        return new LeaseWrite(
                version, holder, NOW, Duration.ofSeconds(40), transitions, Optional.of(NOW));
    }

    private static Optional<ObservedLease> readLease(NodeName node) {
        return ((Outcome.LeaseRead) effects.run(node, new Effect.ReadLease())).lease();
    }

    @Test
    void aLeaseIsCreatedRenewedReleasedAndDeleted() {
        NodeName node = node("lease");
        assertThat(readLease(node)).isEmpty();

        String created =
                written(
                        effects.run(
                                node,
                                new Effect.WriteLease(lease(Optional.empty(), "replica-0", 1))));
        assertThat(readLease(node))
                .contains(
                        new ObservedLease(
                                created, "replica-0", Optional.of(NOW), Duration.ofSeconds(40), 1));
        assertThat(
                        user.get(ApiPath.lease("kube-node-lease", node.value()))
                                .at("/metadata/labels")
                                .toString())
                .contains("vnode-lease", "\"virtual-kubelet.koupleless.io/env\":\"Test\"");

        String released =
                written(
                        effects.run(
                                node, new Effect.WriteLease(lease(Optional.of(created), "", 1))));
        assertThat(readLease(node).orElseThrow().holder()).isEmpty();
        assertThat(released).isNotEqualTo(created);

        assertThat(effects.run(node, new Effect.DeleteLease())).isEqualTo(new Outcome.Done());
        assertThat(effects.run(node, new Effect.DeleteLease())).isEqualTo(new Outcome.Missing());
        assertThat(effects.run(node, new Effect.WriteLease(lease(Optional.of(released), "me", 1))))
                .isEqualTo(new Outcome.Missing());
    }

    @Test
    void aLeaseIsWrittenOverNobodysHead() {
        NodeName node = node("lease-race");
        Effect create = new Effect.WriteLease(lease(Optional.empty(), "replica-0", 1));
        String first = written(effects.run(node, create));
        assertThat(effects.run(node, create)).isEqualTo(new Outcome.Conflict());
        Effect renew = new Effect.WriteLease(lease(Optional.of(first), "replica-1", 2));
        written(effects.run(node, renew));

        assertThat(effects.run(node, renew)).isEqualTo(new Outcome.Conflict());
    }

    @Test
    void ofManyThatTakeALeaseAtOnceOneGetsIt() throws Exception {
        NodeName node = node("lease-many");
        String version =
                written(
                        effects.run(
                                node, new Effect.WriteLease(lease(Optional.empty(), "none", 1))));
        List<Callable<Outcome>> takers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            LeaseWrite write = lease(Optional.of(version), "replica-" + i, 2);
            takers.add(() -> effects.run(node, new Effect.WriteLease(write)));
        }

        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Outcome> outcome : threads.invokeAll(takers)) {
                outcomes.add(outcome.get());
            }
        }

        assertThat(outcomes).filteredOn(Outcome.Written.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(Outcome.Conflict.class::isInstance).hasSize(19);
    }

    // Records

    private static final BaseRecord RECORD =
            new BaseRecord(
                    2,
                    Optional.of(NOW),
                    Map.of(
                            new ModuleRef("biz1", "1"),
                            new ModuleEntry(
                                    new ModuleRef("biz1", "1"),
                                    new ModuleRef("biz1", "1"),
                                    EntryState.INSTALLED,
                                    new PodRef("shop", "biz1-x", "u"),
                                    "abc",
                                    "ff",
                                    NOW)));

    private static Optional<Outcome.Stored> readRecord(NodeName node) {
        return ((Outcome.RecordRead) effects.run(node, new Effect.ReadRecord())).stored();
    }

    private static JsonNode configMap(NodeName node) {
        return user.get(ApiPath.configMaps(NAMESPACE).child(node.value()));
    }

    @Test
    void aRecordIsWrittenReadAndFenced() {
        NodeName node = node("record");
        assertThat(readRecord(node)).isEmpty();

        Effect create = new Effect.WriteRecord(RECORD, Optional.empty());
        String version = written(effects.run(node, create));
        assertThat(effects.run(node, create)).isEqualTo(new Outcome.Conflict());
        assertThat(readRecord(node)).contains(new Outcome.Stored(RECORD, version));

        Effect next = new Effect.WriteRecord(RECORD.withGeneration(3), Optional.of(version));
        written(effects.run(node, next));
        assertThat(effects.run(node, next)).isEqualTo(new Outcome.Conflict());
        assertThat(readRecord(node).orElseThrow().record().generation()).isEqualTo(3);
    }

    @Test
    void aRecordThatNobodyCanReadCountsAsEmpty() {
        NodeName node = node("record-broken");
        written(effects.run(node, new Effect.WriteRecord(RECORD, Optional.empty())));
        user.patch(
                ApiPath.configMaps(NAMESPACE).child(node.value()),
                PatchType.MERGE,
                "{\"data\": {\"record\": \"{\"}}");

        Outcome.Stored stored = readRecord(node).orElseThrow();

        assertThat(stored.record()).isEqualTo(BaseRecord.EMPTY);
        written(
                effects.run(
                        node,
                        new Effect.WriteRecord(RECORD, Optional.of(stored.resourceVersion()))));
    }

    @Test
    void onlyRecordsWhoseNodeIsLongGoneAreSwept() {
        NodeName gone = node("sweep-gone");
        NodeName back = node("sweep-back");
        NodeName there = node("sweep-there");
        for (NodeName node : List.of(gone, back, there)) {
            written(effects.run(node, new Effect.WriteRecord(RECORD, Optional.empty())));
            assertThat(effects.run(node, new Effect.ExpireRecord())).isEqualTo(new Outcome.Done());
        }
        assertThat(
                        configMap(gone)
                                .at("/metadata/annotations")
                                .path("module-controller.koupleless.io/node-gone-at")
                                .asString())
                .isEqualTo("2026-01-02T03:04:05Z");
        String version = readRecord(back).orElseThrow().resourceVersion();
        written(effects.run(back, new Effect.WriteRecord(RECORD, Optional.of(version))));
        effects.run(there, create("sweep-host"));

        Duration day = Duration.ofHours(24);
        assertThat(sweepAfter(Duration.ofHours(23)).sweep(day)).isZero();
        assertThat(sweepAfter(Duration.ofHours(25)).sweep(day)).isEqualTo(1);

        assertThat(readRecord(gone)).isEmpty();
        assertThat(readRecord(back)).isPresent();
        assertThat(readRecord(there)).isPresent();
        assertThat(effects.run(gone, new Effect.ExpireRecord())).isEqualTo(new Outcome.Missing());
    }

    private static RecordSweep sweepAfter(Duration time) {
        return new RecordSweep(clients, IDENTITY, Clock.fixed(NOW.plus(time), ZoneOffset.UTC));
    }

    // Nodes

    private static NodeSpec spec(Taint... more) {
        List<Taint> taints = new ArrayList<>(List.of(more));
        taints.add(new Taint("schedule.koupleless.io/virtual-node", "True", Taint.NO_EXECUTE));
        return new NodeSpec(
                Map.of(
                        "virtual-kubelet.koupleless.io/component",
                        "vnode",
                        "virtual-kubelet.koupleless.io/env",
                        "Test"),
                Map.of("module-controller.koupleless.io/base-identity", "b"),
                taints);
    }

    private static NodeStatus status(String ready, String ip) {
        return new NodeStatus(
                List.of(new NodeCondition("Ready", ready, "Why", "because", NOW)),
                Map.of("InternalIP", ip, "Hostname", "host-" + ip),
                Map.of("pods", "100", "memory", "1024Ki", "cpu", "4"),
                "java://25");
    }

    private static Effect create(String hostName) {
        return new Effect.CreateNode(spec(), status("False", "10.0.0.1"), hostName);
    }

    private static ObservedNode created(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.NodeCreated.class);
        return ((Outcome.NodeCreated) outcome).node();
    }

    @Test
    void aNodeIsCreatedWithItsStatusAndFoundAgain() {
        NodeName node = node("create");

        ObservedNode first = created(effects.run(node, create("My_Host.")));
        ObservedNode again = created(effects.run(node, create("another")));

        assertThat(first.labels()).containsEntry("kubernetes.io/hostname", "My_Host");
        assertThat(first.status().capacity()).containsEntry("pods", "100");
        assertThat(first.status().addresses()).containsEntry("InternalIP", "10.0.0.1");
        assertThat(first.taints()).contains(spec().taints().getFirst());
        assertThat(again.uid()).isEqualTo(first.uid());
        assertThat(again.labels()).containsEntry("kubernetes.io/hostname", "My_Host");
        JsonNode stored = user.get(ApiPath.node(node.value()));
        assertThat(stored.at("/status/nodeInfo/kubeletVersion").asString())
                .isEqualTo("module-controller/1.2.3");
        assertThat(stored.at("/status/phase").asString()).isEqualTo("Running");
    }

    @Test
    void aHostNameIsGivenOnce() {
        ObservedNode first = created(effects.run(node("host-a"), create("shared")));
        ObservedNode second = created(effects.run(node("host-b"), create("shared")));
        ObservedNode third = created(effects.run(node("host-c"), create("")));

        assertThat(first.labels()).containsEntry("kubernetes.io/hostname", "shared");
        assertThat(second.labels()).containsEntry("kubernetes.io/hostname", "vnode.host-b.test");
        assertThat(third.labels()).containsEntry("kubernetes.io/hostname", "vnode.host-c.test");
    }

    @Test
    void longNodeNamesStayApart() {
        String prefix = "l".repeat(50) + "." + "m".repeat(50);

        ObservedNode first = created(effects.run(node(prefix + "-1"), create("")));
        ObservedNode second = created(effects.run(node(prefix + "-2"), create("")));

        assertThat(first.labels().get("kubernetes.io/hostname"))
                .hasSizeLessThanOrEqualTo(63)
                .isNotEqualTo(second.labels().get("kubernetes.io/hostname"));
    }

    @Test
    void aHostNameIsGivenOnceEvenAtOnce() throws Exception {
        List<Callable<Outcome>> creations = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            NodeName node = node("crowd-" + i);
            creations.add(() -> effects.run(node, create("crowd")));
        }

        List<String> hosts = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Outcome> outcome : threads.invokeAll(creations)) {
                hosts.add(created(outcome.get()).labels().get("kubernetes.io/hostname"));
            }
        }

        assertThat(hosts).doesNotHaveDuplicates();
    }

    @Test
    void taintsAndLabelsOfOthersStay() {
        NodeName node = node("spec");
        effects.run(node, create("spec-host"));
        user.patch(
                ApiPath.node(node.value()),
                PatchType.STRATEGIC,
                """
                {"metadata": {"labels": {"theirs": "yes"}}, "spec": {"unschedulable": true,
                  "taints": [{"key": "theirs", "effect": "NoSchedule"},
                    {"key": "module-controller.koupleless.io/identity-conflict",
                     "value": "True", "effect": "NoSchedule"}]}}
                """);
        ObservedNode observed = created(effects.run(node, create("spec-host")));
        Taint ours =
                new Taint(
                        "module-controller.koupleless.io/base-not-answering",
                        "True",
                        Taint.NO_SCHEDULE);

        written(effects.run(node, new Effect.PatchNodeSpec(spec(ours), observed)));

        ObservedNode after = created(effects.run(node, create("spec-host")));
        assertThat(after.labels()).containsEntry("theirs", "yes");
        assertThat(after.taints())
                .contains(ours, new Taint("theirs", "", "NoSchedule"))
                .noneMatch(taint -> taint.key().endsWith("identity-conflict"));
        assertThat(user.get(ApiPath.node(node.value())).at("/spec/unschedulable").asBoolean())
                .isTrue();
        assertThat(effects.run(node, new Effect.PatchNodeSpec(spec(), observed)))
                .isEqualTo(new Outcome.Conflict());
    }

    @Test
    void theStatusOfANodeIsMerged() {
        NodeName node = node("status");
        effects.run(node, create("status-host"));
        user.patch(
                ApiPath.node(node.value()).status(),
                PatchType.STRATEGIC,
                """
                {"status": {"conditions": [{"type": "Theirs", "status": "True"}],
                  "addresses": [{"type": "ExternalIP", "address": "1.2.3.4"}]}}
                """);

        written(effects.run(node, new Effect.PatchNodeStatus(status("True", "10.0.0.2"))));

        ObservedNode after = created(effects.run(node, create("status-host")));
        assertThat(after.status().conditions())
                .extracting(NodeCondition::type)
                .containsExactlyInAnyOrder("Ready", "Theirs");
        assertThat(after.status().conditions())
                .filteredOn(condition -> condition.type().equals("Ready"))
                .first()
                .extracting(NodeCondition::status)
                .isEqualTo("True");
        assertThat(after.status().addresses())
                .isEqualTo(Map.of("InternalIP", "10.0.0.2", "Hostname", "host-10.0.0.2"));
        assertThat(effects.run(node("none"), new Effect.PatchNodeStatus(status("True", "1.1.1.1"))))
                .isEqualTo(new Outcome.Missing());
    }

    @Test
    void aNodeIsDeletedOnlyAsItWasSeen() {
        NodeName node = node("delete");
        ObservedNode first = created(effects.run(node, create("delete-host")));
        written(effects.run(node, new Effect.PatchNodeStatus(status("True", "10.0.0.2"))));
        ObservedNode second = created(effects.run(node, create("delete-host")));

        assertThat(delete(node, first.uid(), first.resourceVersion()))
                .isEqualTo(new Outcome.Conflict());
        assertThat(delete(node, "another", second.resourceVersion()))
                .isEqualTo(new Outcome.Conflict());
        assertThat(delete(node, second.uid(), second.resourceVersion()))
                .isEqualTo(new Outcome.Done());
        assertThat(delete(node, second.uid(), second.resourceVersion()))
                .isEqualTo(new Outcome.Missing());
    }

    private static Outcome delete(NodeName node, String uid, String version) {
        return effects.run(node, new Effect.DeleteNode(uid, version));
    }

    @Test
    void whatTheServerRefusesIsRefused() {
        NodeStatus nonsense =
                new NodeStatus(List.of(), Map.of(), Map.of("pods", "many"), "java://25");

        assertThat(
                        effects.run(
                                node("refused"),
                                new Effect.CreateNode(spec(), nonsense, "refused-host")))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.message()).contains("quantities"));
    }

    // Pods

    private static PodRef pod(String name, NodeName node) {
        JsonNode pod =
                user.create(
                                """
                                {"apiVersion": "v1", "kind": "Pod",
                                 "metadata": {"name": "%s", "namespace": "effects"},
                                 "spec": {"nodeName": "%s",
                                   "readinessGates": [{"conditionType": "shop/ready"}],
                                   "containers": [{"name": "biz1", "image": "http://h/Biz 1.jar",
                                     "env": [{"name": "BIZ_VERSION", "value": "1"}]}]}}
                                """
                                        .formatted(name, node))
                        .getFirst();
        return new PodRef("effects", name, pod.at("/metadata/uid").asString());
    }

    private static PodStatus running(String ip, ContainerState last) {
        Instant second = Instant.parse("2026-01-02T03:04:05Z");
        return new PodStatus(
                PodStatus.Phase.RUNNING,
                "",
                "",
                ip,
                Optional.of(second),
                List.of(
                        new PodCondition("PodScheduled", true, "", "", second),
                        new PodCondition("Initialized", true, "", "", second),
                        new PodCondition("ContainersReady", true, "", "", second),
                        new PodCondition("Ready", true, "", "", second)),
                List.of(
                        new ContainerStatus(
                                "biz1",
                                "http://h/Biz 1.jar",
                                true,
                                last instanceof ContainerState.Unset ? 0 : 1,
                                new ContainerState.Running(second),
                                last)));
    }

    private static ModulePod read(PodRef pod) {
        return ((Outcome.PodRead) effects.run(node("x"), new Effect.ReadPod(pod)))
                .pod()
                .orElseThrow();
    }

    @Test
    void aPodsStatusIsWrittenAndReadBackAsItWas() {
        PodRef pod = pod("status", node("pods"));
        PodStatus status =
                running(
                        "10.0.0.1",
                        new ContainerState.Terminated(
                                1,
                                "User.InstallBizUserError",
                                "no bean",
                                Instant.parse("2026-01-02T03:00:00Z"),
                                Instant.parse("2026-01-02T03:01:00Z")));

        written(effects.run(node("pods"), new Effect.PatchPodStatus(pod, status, "")));

        assertThat(read(pod).status()).isEqualTo(status);
        JsonNode stored = user.get(ApiPath.pod("effects", "status"));
        assertThat(stored.at("/status/hostIP").asString()).isEqualTo("10.0.0.1");
        assertThat(stored.at("/status/podIPs")).hasSize(1);
        assertThat(stored.at("/status/containerStatuses/0/imageID").asString())
                .isEqualTo("http://h/Biz 1.jar");
    }

    @Test
    void conditionsOfOthersStayAndReasonsGo() {
        PodRef pod = pod("gates", node("pods"));
        user.patch(
                ApiPath.pod("effects", "gates").status(),
                PatchType.STRATEGIC,
                """
                {"status": {"reason": "Old", "message": "old", "conditions": [
                  {"type": "shop/ready", "status": "True"},
                  {"type": "Ready", "status": "False", "reason": "Old", "message": "old"}]}}
                """);
        ModulePod before = read(pod);
        PodStatus next = running("10.0.0.1", new ContainerState.Unset());
        List<PodCondition> all = new ArrayList<>(next.conditions());
        all.add(new PodCondition("shop/ready", false, "Stale", "", NOW));
        PodStatus withStale =
                new PodStatus(
                        next.phase(),
                        next.reason(),
                        next.message(),
                        next.podIp(),
                        next.startTime(),
                        all,
                        next.containers());

        written(effects.run(node("pods"), new Effect.PatchPodStatus(pod, withStale, "")));

        ModulePod after = read(pod);
        assertThat(after.status().isTrue("shop/ready")).isTrue();
        assertThat(after.status().isTrue("Ready")).isTrue();
        assertThat(after.status().condition("Ready").orElseThrow().reason()).isEmpty();
        assertThat(after.status().reason()).isEmpty();
        assertThat(before.readinessGates()).containsExactly("shop/ready");
    }

    @Test
    void anAddressMayChange() {
        PodRef pod = pod("moved", node("pods"));
        ContainerState unset = new ContainerState.Unset();
        written(
                effects.run(
                        node("pods"),
                        new Effect.PatchPodStatus(pod, running("10.0.0.1", unset), "")));

        written(
                effects.run(
                        node("pods"),
                        new Effect.PatchPodStatus(pod, running("10.0.0.2", unset), "10.0.0.1")));

        JsonNode status = user.get(ApiPath.pod("effects", "moved")).path("status");
        assertThat(status.path("podIP").asString()).isEqualTo("10.0.0.2");
        assertThat(status.path("podIPs").toString()).isEqualTo("[{\"ip\":\"10.0.0.2\"}]");
        assertThat(status.path("hostIP").asString()).isEqualTo("10.0.0.2");
        assertThat(status.path("hostIPs").toString()).doesNotContain("10.0.0.1");
    }

    @Test
    void aStatusMissesAnotherPodOfTheName() {
        PodRef pod = pod("twin", node("pods"));
        PodRef other = new PodRef(pod.namespace(), pod.name(), "00000000-another");
        PodStatus status = running("10.0.0.1", new ContainerState.Unset());
        String before =
                user.get(ApiPath.pod("effects", "twin")).at("/metadata/resourceVersion").asString();

        assertThat(effects.run(node("pods"), new Effect.PatchPodStatus(other, status, "")))
                .isEqualTo(new Outcome.Missing());
        assertThat(effects.run(node("pods"), new Effect.PatchPodStatus(other, status, "10.0.0.9")))
                .isEqualTo(new Outcome.Missing());
        assertThat(effects.run(node("pods"), new Effect.DeletePod(other)))
                .isEqualTo(new Outcome.Missing());
        assertThat(effects.run(node("pods"), new Effect.ReadPod(other)))
                .isEqualTo(new Outcome.PodRead(Optional.empty()));

        assertThat(read(pod).resourceVersion()).isEqualTo(before);
    }

    @Test
    void aPodIsEndedWhateverItsGracePeriod() {
        PodRef pod = pod("ended", node("pods"));
        user.delete(ApiPath.pod("effects", "ended"));
        assertThat(read(pod).terminating()).isTrue();

        assertThat(effects.run(node("pods"), new Effect.DeletePod(pod)))
                .isEqualTo(new Outcome.Done());

        assertThat(effects.run(node("pods"), new Effect.ReadPod(pod)))
                .isEqualTo(new Outcome.PodRead(Optional.empty()));
        assertThat(effects.run(node("pods"), new Effect.DeletePod(pod)))
                .isEqualTo(new Outcome.Missing());
        assertThat(
                        effects.run(
                                node("pods"),
                                new Effect.PatchPodStatus(
                                        pod, running("1.1.1.1", new ContainerState.Unset()), "")))
                .isEqualTo(new Outcome.Missing());
    }

    @Test
    void thePodsOfANodeAreReadLabelledOrNot() {
        NodeName node = node("listed");
        PodRef one = pod("listed-1", node);
        PodRef two = pod("listed-2", node);

        Outcome outcome = effects.run(node, new Effect.ReadPods());

        assertThat(((Outcome.PodsRead) outcome).pods())
                .extracting(ModulePod::ref)
                .containsExactlyInAnyOrder(one, two);
    }

    // Events

    @Test
    void eventsAreFoundWhereKubectlLooks() {
        NodeName node = node("told");
        PodRef pod = pod("told." + "long".repeat(20), node);

        effects.run(node, new Effect.Tell(Optional.of(pod), true, "Odd", "模".repeat(2000)));
        effects.run(node, new Effect.Tell(Optional.empty(), false, "Fine", "all is well"));

        JsonNode onPod = event("effects", pod.uid());
        assertThat(onPod.path("type").asString()).isEqualTo("Warning");
        assertThat(onPod.path("message").asString()).hasSize(341);
        assertThat(onPod.path("reportingComponent").asString())
                .isEqualTo("koupleless.io/module-controller");
        JsonNode onNode = event("default", node.value());
        assertThat(onNode.at("/involvedObject/kind").asString()).isEqualTo("Node");
        assertThat(onNode.path("reason").asString()).isEqualTo("Fine");
    }

    private static JsonNode event(String namespace, String uid) {
        return user.list(
                        ApiPath.events(namespace)
                                .query("fieldSelector", "involvedObject.uid=" + uid))
                .getFirst();
    }

    @Test
    void anEventThatCannotBeWrittenIsNoFailure() {
        PodRef nowhere = new PodRef("no-such-namespace", "a", "u");

        assertThat(
                        effects.run(
                                node("told"),
                                new Effect.Tell(Optional.of(nowhere), true, "Odd", "text")))
                .isEqualTo(new Outcome.Done());
    }
}
