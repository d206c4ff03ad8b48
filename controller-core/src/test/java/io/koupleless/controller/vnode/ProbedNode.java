package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseHealth;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.node.NodeCondition;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.pod.CheckResult;
import io.koupleless.controller.pod.ContainerState;
import io.koupleless.controller.pod.ContainerStatus;
import io.koupleless.controller.pod.Deletion;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.pod.PreStop;
import io.koupleless.controller.pod.Probe;
import io.koupleless.controller.pod.ProbeKind;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Answer;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelEvent;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGeneratorFactory;

/**
 * A virtual node that leads a base with one module, as a kubelet's container runtime would show it;
 * Kubernetes does at once what it is asked for, the base answers every question.
 */
final class ProbedNode {
    static final PodRef POD = new PodRef("default", "pod-1", "uid-1");

    private static final Base BASE =
            new Base(new BaseId("b"), "demo", "1", "default", "10.0.0.7", "host", 0, true);
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

    private final VNode vnode;
    private final List<Effect> effects = new ArrayList<>();
    final List<Effect> history = new ArrayList<>();
    boolean answers = true;
    boolean listed = true;
    private ModulePod pod;
    private double time;
    private int version = 10;
    private long wakeAt = Long.MAX_VALUE;

    /** Leads from second 0; the module was installed for this Pod by an earlier process. */
    ProbedNode(VNodeSettings.Probing probing, ModulePod pod) {
        VNodeSettings settings =
                new VNodeSettings(
                        "me",
                        "test",
                        At.TIMES,
                        VNodeSettings.Limits.defaults(),
                        VNodeSettings.Nodes.defaults(),
                        VNodeSettings.Metaspace.defaults(),
                        VNodeSettings.Orphans.UNINSTALL_OURS,
                        probing,
                        VNodeSettings.BaseStart.defaults());
        this.pod = pod;
        this.vnode =
                new VNode(
                        settings,
                        Ways.of("mqtt"),
                        BASE,
                        "mqtt",
                        RandomGeneratorFactory.of("L64X128MixRandom").create(7),
                        At.seconds(0));
        facts(
                new Fact.NodeSeen(Optional.of(NODE)),
                new Fact.PodSeen(pod),
                new Fact.PodsSynced(),
                new Fact.LinkChanged("mqtt", true));
        serve();
        pass(0.1);
    }

    static ModulePod pod(
            Map<ProbeKind, Probe> probes,
            Optional<PreStop> preStop,
            boolean started,
            boolean ready) {
        ModuleContainer container =
                new ModuleContainer(
                        "biz1",
                        "http://repo/x.jar",
                        new ModuleContainer.Module(At.BIZ, URI.create("http://repo/x.jar"), "hash"),
                        probes,
                        preStop);
        ContainerStatus shown =
                new ContainerStatus(
                        "biz1",
                        "http://repo/x.jar",
                        started,
                        ready,
                        0,
                        new ContainerState.Running(At.WALL.minusSeconds(60)),
                        new ContainerState.Unset());
        PodStatus status =
                new PodStatus(
                        PodStatus.Phase.RUNNING,
                        "",
                        "",
                        "10.0.0.7",
                        Optional.of(At.WALL),
                        List.of(
                                new PodCondition(PodCondition.READY, ready, "", "", At.WALL),
                                new PodCondition(
                                        PodCondition.CONTAINERS_READY, ready, "", "", At.WALL),
                                new PodCondition(PodCondition.INITIALIZED, true, "", "", At.WALL),
                                new PodCondition(PodCondition.SCHEDULED, true, "", "", At.WALL)),
                        List.of(shown));
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
                List.of(container),
                status);
    }

    /** Deleted by a user so long before now. */
    ModulePod deleted(Duration ago, Duration grace) {
        Instant asked = At.seconds(time).wall().minus(ago);
        return terminating(pod, nextVersion(), new Deletion(asked.plus(grace), grace));
    }

    static ModulePod terminating(ModulePod pod, String version, Deletion deletion) {
        return new ModulePod(
                pod.ref(),
                pod.nodeName(),
                pod.labelled(),
                version,
                pod.createdAt(),
                pod.priority(),
                true,
                pod.revision(),
                pod.restartPolicy(),
                pod.readinessGates(),
                pod.containers(),
                pod.terms(),
                pod.status(),
                Optional.of(deletion));
    }

    void sees(ModulePod next) {
        pod = next;
        facts(new Fact.PodSeen(next));
        serve();
    }

    /** The watch no longer shows the Pod, and a read finds nothing. */
    void gone() {
        facts(new Fact.PodUnseen(POD));
        pending(Effect.ReadPod.class)
                .forEach(read -> finished(read, new Outcome.PodRead(Optional.empty())));
        serve();
    }

    private String nextVersion() {
        version++;
        return Integer.toString(version);
    }

    private void facts(Fact... facts) {
        VNode.Step step = vnode.on(List.of(facts), At.seconds(time));
        wakeAt = step.wakeAt();
        effects.addAll(step.effects());
        history.addAll(step.effects());
    }

    /** Time goes by, with a look whenever one was asked for. */
    void pass(double seconds) {
        double until = time + seconds;
        while (time < until) {
            double wake = (wakeAt - At.nanos(0)) / 1e9;
            time = Math.min(until, Math.max(time + 0.001, wake));
            facts(new Fact.Woken());
            serve();
        }
    }

    /** Kubernetes and the base do what they are asked for. */
    private void serve() {
        for (int i = 0; i < 100; i++) {
            Optional<Effect> next = effects.stream().filter(this::served).findFirst();
            if (next.isEmpty()) {
                return;
            }
            effects.remove(next.get());
            done(next.get());
        }
        throw new AssertionError("it goes in circles: " + effects);
    }

    private boolean served(Effect effect) {
        boolean checked = effect instanceof Effect.Probe || effect instanceof Effect.CallHook;
        boolean command =
                effect instanceof Effect.Send send && send.command() instanceof Command.OnModule;
        boolean question = effect instanceof Effect.Send && !command;
        boolean read = effect instanceof Effect.ReadPod;
        return !checked && !command && !read && (answers || !question);
    }

    private void done(Effect effect) {
        switch (effect) {
            case Effect.ReadLease() -> finished(effect, new Outcome.LeaseRead(Optional.empty()));
            case Effect.ReadRecord() ->
                    finished(
                            effect,
                            new Outcome.RecordRead(
                                    Optional.of(new Outcome.Stored(installed(), "7"))));
            case Effect.PatchPodStatus(var ref, PodStatus status, var ip) -> {
                String written = nextVersion();
                pod =
                        new ModulePod(
                                pod.ref(),
                                pod.nodeName(),
                                pod.labelled(),
                                written,
                                pod.createdAt(),
                                pod.priority(),
                                pod.terminating(),
                                pod.revision(),
                                pod.restartPolicy(),
                                pod.readinessGates(),
                                pod.containers(),
                                pod.terms(),
                                status,
                                pod.deletion());
                finished(effect, new Outcome.Written(written));
                facts(new Fact.PodSeen(pod));
            }
            case Effect.Send(var way, Command.QueryHealth question, var ttl, var fence) ->
                    hears(health());
            case Effect.Send(var way, Command.QueryModules question, var ttl, var fence) ->
                    hears(new TunnelEvent.ModulesReported(BASE.id(), modules()));
            case Effect.Tell tell -> {
                // Told.
            }
            default -> finished(effect, new Outcome.Written(nextVersion()));
        }
    }

    private List<ModuleStatus> modules() {
        return listed ? List.of(ModuleStatus.of(At.BIZ, ModuleState.ACTIVATED)) : List.of();
    }

    void finished(Effect effect, Outcome outcome) {
        effects.remove(effect);
        facts(new Fact.Finished(effect, outcome));
    }

    void hears(TunnelEvent.OfBase event) {
        facts(new Fact.Heard("mqtt", event));
        serve();
    }

    /** The base answers the one command that it has. */
    void answersCommand() {
        Effect.Send send =
                pending(Effect.Send.class).stream()
                        .filter(s -> s.command() instanceof Command.OnModule)
                        .findFirst()
                        .orElseThrow();
        Command.OnModule command = (Command.OnModule) send.command();
        boolean install = command instanceof Command.Install;
        listed = install;
        finished(send, new Outcome.Done());
        List<ModuleStatus> there = install ? modules() : List.of();
        hears(
                new TunnelEvent.CommandAnswered(
                        BASE.id(),
                        command.operation(),
                        Optional.of(command.ref()),
                        new Answer.Done(there)));
    }

    /** Every probe that is under way ends so. */
    void probesEnd(CheckResult result) {
        List<Effect.Probe> open = pending(Effect.Probe.class);
        assertThat(open).as("probes under way").isNotEmpty();
        open.forEach(probe -> finished(probe, new Outcome.Checked(result)));
        serve();
    }

    /** As often as it takes, each in time. */
    void probesEnd(CheckResult result, int times, double period) {
        for (int i = 0; i < times; i++) {
            if (pending(Effect.Probe.class).isEmpty()) {
                pass(period);
            }
            probesEnd(result);
        }
    }

    <T extends Effect> List<T> pending(Class<T> type) {
        return effects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<Command> commands() {
        return effects.stream()
                .filter(Effect.Send.class::isInstance)
                .map(effect -> ((Effect.Send) effect).command())
                .filter(Command.OnModule.class::isInstance)
                .toList();
    }

    List<String> events(String reason) {
        return history.stream()
                .filter(Effect.Tell.class::isInstance)
                .map(Effect.Tell.class::cast)
                .filter(tell -> tell.reason().equals(reason))
                .map(Effect.Tell::message)
                .toList();
    }

    PodStatus status() {
        return pod.status();
    }

    ContainerStatus container() {
        return pod.status().container("biz1").orElseThrow();
    }

    boolean ready() {
        return pod.status().isTrue(PodCondition.READY);
    }

    private TunnelEvent.HealthReported health() {
        return new TunnelEvent.HealthReported(
                BASE.id(),
                new BaseHealth(
                        "ACTIVATED",
                        Optional.empty(),
                        Optional.of(Duration.ofMillis((long) ((100 + time) * 1000))),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        Map.of(At.BIZ, "biz1")));
    }

    private static BaseRecord installed() {
        ModuleEntry entry =
                new ModuleEntry(At.BIZ, At.BIZ, EntryState.INSTALLED, POD, "", "hash", At.WALL);
        return new BaseRecord(0, Optional.of(At.WALL.minusSeconds(100)), Map.of(At.BIZ, entry));
    }
}
