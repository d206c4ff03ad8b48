package io.koupleless.controller.vnode;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseHealth;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.tunnel.Answer;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Operation;
import io.koupleless.controller.tunnel.TunnelEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** A virtual node, an API server that takes every write, and a base that answers at once. */
final class Scene {
    static final Base BASE =
            new Base(new BaseId("b"), "demo", "1", "default", "10.0.0.7", "host", 0, true);

    /** What was sent to the base, oldest first. */
    final List<Command.OnModule> commands = new ArrayList<>();

    /** Events, oldest first. */
    final List<Effect.Words> words = new ArrayList<>();

    /** What the base has. */
    final Map<ModuleRef, ModuleState> modules = new TreeMap<>();

    private final Map<String, ModulePod> pods = new LinkedHashMap<>();
    private final List<Fact> facts = new ArrayList<>();
    private Function<ModuleRef, Optional<Answer>> installs = _ -> Optional.empty();
    private Function<ModuleRef, Optional<Answer>> uninstalls = _ -> Optional.empty();
    private VNode vnode;
    private BaseRecord record = BaseRecord.EMPTY;
    private double at;
    private double baseStartedAt = -1_000;
    private long wakeAt;
    private int version = 10;
    private boolean hidesStatusWrites;
    private boolean installsHang;
    private int listsAsked;

    Scene() {
        vnode = start();
    }

    private VNode start() {
        VNode next =
                new VNode(
                        new VNodeSettings("me", "test", At.TIMES, VNodeSettings.Limits.defaults()),
                        Ways.of("mqtt"),
                        BASE,
                        "mqtt",
                        RandomGenerator.of("L64X128MixRandom"),
                        At.seconds(at));
        facts.clear();
        facts.add(new Fact.LinkChanged("mqtt", true));
        pods.values().stream()
                .filter(ModulePod::labelled)
                .map(Fact.PodSeen::new)
                .forEach(facts::add);
        facts.add(new Fact.PodsSynced());
        facts.add(new Fact.Heard("mqtt", new TunnelEvent.BaseSeen(BASE)));
        wakeAt = At.nanos(at);
        return next;
    }

    /** The controller is killed and starts again. */
    void controllerRestarts() {
        vnode = start();
    }

    /** Another process of the base, which has nothing. */
    void baseRestarts() {
        modules.clear();
        baseStartedAt = at;
    }

    /** Statuses of Pods are written, but neither the answer nor the watch tells so. */
    void hidesStatusWrites(boolean hidden) {
        hidesStatusWrites = hidden;
    }

    /** From now on no install is answered; it begins, and does not end. */
    void installsAreNotAnswered() {
        installsHang = true;
    }

    /** How often the base was asked for its modules. */
    int listsAsked() {
        return listsAsked;
    }

    /** How the base answers an install; empty: it succeeds. */
    void installsEnd(Function<ModuleRef, Optional<Answer>> how) {
        installs = how;
    }

    /** How the base answers an uninstall; empty: it succeeds. */
    void uninstallsEnd(Function<ModuleRef, Optional<Answer>> how) {
        uninstalls = how;
    }

    void put(ModulePod pod) {
        pods.put(pod.ref().uid(), pod);
        if (pod.labelled()) {
            facts.add(new Fact.PodSeen(pod));
        }
    }

    Optional<ModulePod> pod(String name) {
        return pods.values().stream().filter(p -> p.ref().name().equals(name)).findFirst();
    }

    PodStatus status(String name) {
        return pod(name).orElseThrow().status();
    }

    BaseRecord record() {
        return record;
    }

    long count(Operation operation, ModuleRef ref) {
        return commands.stream()
                .filter(c -> c.operation() == operation && c.ref().equals(ref))
                .count();
    }

    /** Time passes; the base beats every ten seconds. */
    void pass(double seconds) {
        double end = at + seconds;
        double beat = at;
        while (at < end) {
            step();
            at = Math.min(end, Math.max(at + 0.05, Math.min(seconds(wakeAt), beat + 10)));
            if (at - beat >= 10) {
                beat = at;
                facts.add(new Fact.Heard("mqtt", new TunnelEvent.BaseSeen(BASE)));
            }
            facts.add(new Fact.Woken());
        }
        step();
    }

    private static double seconds(long nanos) {
        return nanos == Long.MAX_VALUE ? Double.MAX_VALUE : (nanos - At.nanos(0)) / 1e9;
    }

    private void step() {
        while (!facts.isEmpty()) {
            List<Fact> now = List.copyOf(facts);
            facts.clear();
            VNode.Step step = vnode.on(now, At.seconds(at));
            wakeAt = step.wakeAt();
            step.effects().forEach(this::run);
        }
    }

    private void run(Effect effect) {
        switch (effect) {
            case Effect.Words said -> words.add(said);
            case Effect.Send send -> send(send);
            default -> facts.add(new Fact.Finished(effect, outcome(effect)));
        }
    }

    private Outcome outcome(Effect effect) {
        return switch (effect) {
            case Effect.ReadLease() -> new Outcome.LeaseRead(Optional.empty());
            case Effect.ReadRecord() ->
                    new Outcome.RecordRead(
                            Optional.of(new Outcome.Stored(record, Integer.toString(version))));
            case Effect.WriteRecord(BaseRecord next, Optional<String> _) -> {
                record = next;
                yield written();
            }
            case Effect.CreateNode create -> new Outcome.NodeCreated(node(create.status()));
            case Effect.PatchPodStatus(PodRef ref, PodStatus status, String _) ->
                    patched(ref, status);
            case Effect.DeletePod(PodRef ref) -> {
                ModulePod gone = pods.remove(ref.uid());
                if (gone != null && gone.labelled()) {
                    facts.add(new Fact.PodUnseen(ref));
                }
                yield new Outcome.Done();
            }
            case Effect.ReadPod(PodRef ref) ->
                    new Outcome.PodRead(Optional.ofNullable(pods.get(ref.uid())));
            case Effect.ReadPods() -> new Outcome.PodsRead(List.copyOf(pods.values()));
            default -> written();
        };
    }

    private Outcome patched(PodRef ref, PodStatus status) {
        ModulePod pod = pods.get(ref.uid());
        if (pod == null) {
            return new Outcome.Missing();
        }
        Outcome.Written written = written();
        if (hidesStatusWrites) {
            pods.put(ref.uid(), ScenePod.at(pod.with(status), written.resourceVersion()));
            return new Outcome.Failed("connection reset");
        }
        put(ScenePod.at(pod.with(status), written.resourceVersion()));
        return written;
    }

    private Outcome.Written written() {
        version++;
        return new Outcome.Written(Integer.toString(version));
    }

    private static ObservedNode node(NodeStatus status) {
        return new ObservedNode("vnode.b.test", "n1", "1", Map.of(), Map.of(), List.of(), status);
    }

    private void send(Effect.Send send) {
        facts.add(new Fact.Finished(send, new Outcome.Done()));
        switch (send.command()) {
            case Command.QueryHealth() -> hear(health());
            case Command.QueryModules() -> {
                listsAsked++;
                hear(new TunnelEvent.ModulesReported(BASE.id(), list()));
            }
            case Command.QueryCommands() ->
                    hear(new TunnelEvent.QueryRefused(BASE.id(), "not over this tunnel"));
            case Command.OnModule command -> answer(command);
            case Command.InstallAll(List<Command.Install> all) -> all.forEach(this::answer);
        }
    }

    private void answer(Command.OnModule command) {
        commands.add(command);
        if (installsHang && command instanceof Command.Install) {
            modules.put(command.ref(), ModuleState.RESOLVED);
            return;
        }
        Answer done = new Answer.Done(List.of());
        Answer answer =
                switch (command) {
                    case Command.Install install ->
                            installs.apply(install.ref())
                                    .orElseGet(() -> {
                                        modules.put(install.ref(), ModuleState.ACTIVATED);
                                        return new Answer.Done(
                                                List.of(
                                                        ModuleStatus.of(
                                                                install.ref(),
                                                                ModuleState.ACTIVATED)));
                                    });
                    case Command.Uninstall uninstall ->
                            uninstalls
                                    .apply(uninstall.ref())
                                    .orElseGet(() ->
                                            modules.remove(uninstall.ref()) == null
                                                    ? new Answer.NotThere()
                                                    : done);
                };
        hear(
                new TunnelEvent.CommandAnswered(
                        BASE.id(), command.operation(), Optional.of(command.ref()), answer));
    }

    private List<ModuleStatus> list() {
        return modules.entrySet().stream()
                .map(m -> ModuleStatus.of(m.getKey(), m.getValue()))
                .toList();
    }

    private void hear(TunnelEvent.OfBase event) {
        facts.add(new Fact.Heard("mqtt", event));
    }

    private TunnelEvent.HealthReported health() {
        long millis = (long) ((at - baseStartedAt) * 1_000);
        return new TunnelEvent.HealthReported(
                BASE.id(),
                new BaseHealth(
                        "ACTIVATED",
                        Optional.empty(),
                        Optional.of(Duration.ofMillis(millis)),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.empty()));
    }
}
