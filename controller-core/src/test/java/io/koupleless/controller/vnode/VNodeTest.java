package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseHealth;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.lease.ObservedLease;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.node.NodeCondition;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.pod.ContainerState;
import io.koupleless.controller.pod.ContainerStatus;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelEvent;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Whole steps of a virtual node, where the parts have to play together. */
class VNodeTest {
    private static final Base BASE =
            new Base(new BaseId("b"), "demo", "1", "default", "10.0.0.7", "host", 0, true);
    private static final VNodeSettings SETTINGS =
            new VNodeSettings("me", "test", At.TIMES, VNodeSettings.Limits.defaults());
    private static final PodRef POD = new PodRef("default", "pod-1", "uid-1");

    private static final ObservedNode NODE =
            new ObservedNode(
                    "vnode.b.test",
                    "node-1",
                    "1",
                    Map.of(),
                    Map.of(),
                    List.of(),
                    new NodeStatus(
                            List.of(
                                    new NodeCondition(
                                            NodeCondition.READY, "True", "", "", At.WALL)),
                            Map.of(),
                            Map.of(),
                            ""));

    private final VNode vnode =
            new VNode(
                    SETTINGS,
                    Ways.of("mqtt"),
                    BASE,
                    "mqtt",
                    RandomGenerator.getDefault(),
                    At.seconds(0));
    private final List<Effect> effects = new ArrayList<>();
    private int version = 10;

    private void on(double at, Fact... facts) {
        effects.addAll(vnode.on(List.of(facts), At.seconds(at)).effects());
    }

    private void ends(double at, Effect effect, Outcome outcome) {
        effects.remove(effect);
        on(at, new Fact.Finished(effect, outcome));
    }

    private <T extends Effect> Optional<T> pending(Class<T> type) {
        return effects.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    private void leaseWritten(double at) {
        version++;
        ends(
                at,
                pending(Effect.WriteLease.class).orElseThrow(),
                new Outcome.Written(Integer.toString(version)));
    }

    private void leads(double at, BaseRecord record) {
        on(
                at,
                new Fact.NodeSeen(Optional.of(NODE)),
                new Fact.PodsSynced(),
                new Fact.LinkChanged("mqtt", true));
        ends(at, new Effect.ReadLease(), new Outcome.LeaseRead(Optional.empty()));
        leaseWritten(at);
        ends(
                at,
                new Effect.ReadRecord(),
                new Outcome.RecordRead(Optional.of(new Outcome.Stored(record, "7"))));
    }

    private void hears(double at, TunnelEvent.OfBase event) {
        on(at, new Fact.Heard("mqtt", event));
    }

    private static TunnelEvent.HealthReported health(double uptime) {
        return new TunnelEvent.HealthReported(
                BASE.id(),
                new BaseHealth(
                        "ACTIVATED",
                        Optional.empty(),
                        Optional.of(Duration.ofMillis((long) (uptime * 1000))),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.empty()));
    }

    private static TunnelEvent.ModulesReported lists(ModuleStatus... modules) {
        return new TunnelEvent.ModulesReported(BASE.id(), List.of(modules));
    }

    private static ModuleContainer.Module module(String url) {
        return new ModuleContainer.Module(At.BIZ, URI.create("http://repo/x.jar"), url);
    }

    private static ModulePod readyPod(String url) {
        ContainerStatus running =
                new ContainerStatus(
                        "biz1",
                        "http://repo/x.jar",
                        true,
                        0,
                        new ContainerState.Running(At.WALL),
                        new ContainerState.Unset());
        PodStatus status =
                new PodStatus(
                        PodStatus.Phase.RUNNING,
                        "",
                        "",
                        "10.0.0.7",
                        Optional.of(At.WALL),
                        List.of(new PodCondition(PodCondition.READY, true, "", "", At.WALL)),
                        List.of(running));
        return new ModulePod(
                POD,
                "node",
                true,
                "5",
                At.WALL,
                0,
                false,
                "",
                ModulePod.RestartPolicy.ALWAYS,
                List.of(),
                List.of(new ModuleContainer("biz1", "http://repo/" + url + ".jar", module(url))),
                status);
    }

    private static BaseRecord installed() {
        ModuleEntry entry =
                new ModuleEntry(
                        At.BIZ,
                        At.BIZ,
                        EntryState.INSTALLED,
                        POD,
                        "",
                        "hash",
                        At.WALL.minusSeconds(90));
        return new BaseRecord(0, Optional.of(At.WALL.minusSeconds(100)), Map.of(At.BIZ, entry));
    }

    @Test
    void aHeartbeatBeforeTheNodeWasListedTakesNoReadinessAway() {
        on(0, new Fact.PodSeen(readyPod("hash")), new Fact.PodsSynced());
        on(0, new Fact.LinkChanged("mqtt", true));
        hears(0, new TunnelEvent.BaseSeen(BASE));
        ends(0, new Effect.ReadLease(), new Outcome.LeaseRead(Optional.empty()));
        leaseWritten(0);
        ends(
                0,
                new Effect.ReadRecord(),
                new Outcome.RecordRead(Optional.of(new Outcome.Stored(installed(), "7"))));

        assertThat(pending(Effect.PatchPodStatus.class)).as("nobody knows the Node yet").isEmpty();
        ends(0.1, pending(Effect.CreateNode.class).orElseThrow(), new Outcome.NodeCreated(NODE));

        assertThat(pending(Effect.PatchPodStatus.class)).isEmpty();
        assertThat(pending(Effect.PatchNodeStatus.class)).isEmpty();
    }

    @Test
    void leavesOnlyWhenItsLastRenewalIsThrough() {
        leads(0, BaseRecord.EMPTY);
        double at = 10;
        for (; pending(Effect.DeleteNode.class).isEmpty(); at += 10) {
            leaseRenewed(at);
            nodeWritten(at);
        }
        on(at, new Fact.Woken());
        ends(at, pending(Effect.DeleteNode.class).orElseThrow(), new Outcome.Done());
        assertThat(pending(Effect.WriteLease.class)).isPresent();
        assertThat(pending(Effect.DeleteLease.class)).isEmpty();

        leaseWritten(at + 0.1);
        assertThat(pending(Effect.DeleteLease.class)).isPresent();
        assertThat(pending(Effect.WriteLease.class)).isEmpty();
    }

    private void leaseRenewed(double at) {
        on(at, new Fact.Woken());
        leaseWritten(at);
    }

    private void nodeWritten(double at) {
        pending(Effect.PatchNodeStatus.class)
                .ifPresent(patch -> ends(at, patch, new Outcome.Written("2")));
        pending(Effect.PatchNodeSpec.class)
                .ifPresent(patch -> ends(at, patch, new Outcome.Written("3")));
    }

    @Test
    void anInstallThatWaitsForItsRecordAsksForNoList() {
        leads(0, BaseRecord.EMPTY);
        hears(0.2, health(100));
        hears(0.2, lists());
        effects.clear();

        on(0.3, new Fact.PodSeen(newPod()));
        on(0.4, new Fact.Woken());

        assertThat(pending(Effect.WriteRecord.class)).as("it waits").isPresent();
        assertThat(sent()).isEmpty();

        ends(0.5, pending(Effect.WriteRecord.class).orElseThrow(), new Outcome.Written("8"));
        assertThat(sent()).singleElement().isInstanceOf(Command.Install.class);
    }

    private List<Command> sent() {
        return effects.stream()
                .filter(Effect.Send.class::isInstance)
                .map(effect -> ((Effect.Send) effect).command())
                .toList();
    }

    private static ModulePod newPod() {
        return readyPod("hash").with(PodStatus.NONE);
    }

    @Test
    void saysReadyOnlyOfWhatItKnows() {
        // The base lost the module while nobody looked, and its Pod's image was changed.
        leads(0, installed());
        on(0.1, new Fact.PodSeen(readyPod("other")));
        hears(0.2, health(100));
        hears(0.2, lists());
        hears(0.3, lists());

        assertThat(pending(Effect.PatchPodStatus.class)).isEmpty();

        on(1.3, new Fact.Woken());
        hears(1.4, lists());
        Effect.PatchPodStatus patch = pending(Effect.PatchPodStatus.class).orElseThrow();
        assertThat(patch.status().isTrue(PodCondition.READY)).isFalse();
    }

    @Test
    void saysNothingOfReadyWhenTheBaseHasNotBeenHeardForLong() {
        leads(0, installed());
        on(0.1, new Fact.PodSeen(readyPod("hash")));
        hears(0.2, health(100));
        hears(0.2, lists(ModuleStatus.of(At.BIZ, ModuleState.ACTIVATED)));
        hears(0.3, lists(ModuleStatus.of(At.BIZ, ModuleState.ACTIVATED)));
        pending(Effect.PatchPodStatus.class)
                .ifPresent(patch -> ends(0.4, patch, new Outcome.Written("6")));
        on(1, new Fact.LinkChanged("mqtt", false));
        leaseRenewed(30);
        leaseRenewed(60);

        on(61, new Fact.PodSeen(readyPod("other")));

        assertThat(pending(Effect.PatchPodStatus.class)).isEmpty();
    }

    @Test
    void readsTheRecordAnewWhenSomebodyElseHeldTheLease() {
        leads(0, installed());
        on(10, new Fact.Woken());
        ends(10, pending(Effect.WriteLease.class).orElseThrow(), new Outcome.Conflict());
        ObservedLease others =
                new ObservedLease("20", "other", Optional.of(At.WALL), Duration.ofSeconds(40), 1);
        ends(10, new Effect.ReadLease(), new Outcome.LeaseRead(Optional.of(others)));
        hears(40, health(140));
        on(50, new Fact.Woken());
        leaseWritten(50);

        ends(
                50,
                new Effect.ReadRecord(),
                new Outcome.RecordRead(
                        Optional.of(new Outcome.Stored(BaseRecord.EMPTY.withGeneration(1), "9"))));
        Effect.WriteRecord write = pending(Effect.WriteRecord.class).orElseThrow();
        assertThat(write.record().modules()).isEmpty();
        assertThat(write.record().generation()).isEqualTo(2);
        assertThat(write.resourceVersion()).contains("9");
    }

    @Test
    void aRestartThatTheRecordTellsOfIsBelievedAfterTheSecondAnswerAndBeforeAnyCommand() {
        leads(0, installed());
        on(0.1, new Fact.PodSeen(readyPod("hash")));
        hears(0.2, health(3));
        hears(0.2, lists());
        assertThat(sent(Command.QueryHealth.class)).isEqualTo(2);
        assertThat(sent(Command.Install.class)).isZero();

        hears(0.3, health(3.1));
        hears(0.4, lists());
        Effect.PatchPodStatus patch = pending(Effect.PatchPodStatus.class).orElseThrow();
        assertThat(patch.status().isTrue(PodCondition.READY)).isFalse();
        assertThat(pending(Effect.WriteRecord.class).orElseThrow().record().processStart())
                .contains(At.WALL.minusMillis(2800));
    }

    private long sent(Class<? extends Command> command) {
        return effects.stream()
                .filter(e -> e instanceof Effect.Send send && command.isInstance(send.command()))
                .count();
    }
}
