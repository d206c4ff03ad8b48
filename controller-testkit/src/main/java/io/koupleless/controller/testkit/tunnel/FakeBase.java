package io.koupleless.controller.testkit.tunnel;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.testkit.tunnel.InstallBehaviour.CannotBePulled;
import io.koupleless.controller.testkit.tunnel.InstallBehaviour.FailsToStart;
import io.koupleless.controller.testkit.tunnel.InstallBehaviour.Hangs;
import io.koupleless.controller.testkit.tunnel.InstallBehaviour.Starts;
import io.koupleless.controller.testkit.tunnel.InstallBehaviour.StartsAs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A base at arklet's wire, without a JVM of its own: bytes in, bytes out, as a 2.1.11 base was seen
 * to do over MQTT. It knows no transport; whoever carries its bytes calls {@link #handle}.
 */
public final class FakeBase {
    private static final String INSTALL = "installBiz";
    private static final String UNINSTALL = "uninstallBiz";

    private final BaseId id;
    private final InstantSource clock;
    private final Delay delay;
    private final Map<ModuleRef, FakeModule> modules = new LinkedHashMap<>();
    private final Map<String, InstallBehaviour> behaviours = new HashMap<>();
    private final Set<ModuleRef> unfinished = new HashSet<>();
    private final List<String> commands = new ArrayList<>();
    private final Workers workers = new Workers();
    private boolean answering = true;
    private boolean autoUninstall = true;
    private int process;
    private CompletableFuture<Void> processEnded = new CompletableFuture<>();
    private Instant startedAt;

    public FakeBase(BaseId id, InstantSource clock, Delay delay) {
        this.id = id;
        this.clock = clock;
        this.delay = delay;
        this.startedAt = clock.instant();
    }

    /** In real time. */
    public static FakeBase of(String id) {
        return new FakeBase(new BaseId(id), InstantSource.system(), Delay.real());
    }

    public BaseId id() {
        return id;
    }

    /** What installing from that URL does from now on; unless told, every module starts at once. */
    public synchronized FakeBase install(String url, InstallBehaviour behaviour) {
        behaviours.put(url, behaviour);
        return this;
    }

    /** {@code sofa.ark.auto.uninstall.when.failed.enable}: false keeps broken modules listed. */
    public synchronized FakeBase autoUninstall(boolean enabled) {
        autoUninstall = enabled;
        return this;
    }

    /** False: heartbeats go on, but commands are neither run nor answered. */
    public synchronized FakeBase answering(boolean enabled) {
        answering = enabled;
        return this;
    }

    public synchronized List<FakeModule> modules() {
        return List.copyOf(modules.values());
    }

    /** Every command that has arrived in any process, answered or not, such as {@code health}. */
    public synchronized List<String> commands() {
        return List.copyOf(commands);
    }

    public WireMessage heartbeat() {
        return ArkletJson.heart(id, clock.instant());
    }

    /** What a base says first in each process. */
    public WireMessage baselineQuestion() {
        return ArkletJson.queryBaseline(id, clock.instant());
    }

    /** Another process: all modules are gone, what was going on is never answered. */
    public void restart() {
        endProcess().complete(null);
    }

    /** True unless {@link #answering} said otherwise. */
    synchronized boolean isAnswering() {
        return answering;
    }

    /** Completes when the process that runs now has ended, for transports with connections. */
    synchronized CompletableFuture<Void> processEnded() {
        return processEnded;
    }

    private synchronized CompletableFuture<Void> endProcess() {
        process++;
        modules.clear();
        unfinished.clear();
        workers.restart();
        startedAt = clock.instant();
        CompletableFuture<Void> ended = processEnded;
        processEnded = new CompletableFuture<>();
        return ended;
    }

    /**
     * A command has arrived.
     *
     * @param command the last level of its topic
     * @param answer given at most one message, at once or later
     */
    public synchronized void handle(String command, byte[] payload, Consumer<WireMessage> answer) {
        commands.add(command);
        if (answering) {
            workers.submit(() -> run(command, payload, answer));
        }
    }

    private void run(String command, byte[] payload, Consumer<WireMessage> answer) {
        switch (command) {
            case "health" -> answer.accept(ArkletJson.health(startedAt, clock.instant()));
            case "queryAllBiz" ->
                    answer.accept(ArkletJson.simpleBiz(modules.values(), clock.instant()));
            case INSTALL, UNINSTALL ->
                    ArkletJson.request(payload)
                            .ifPresent(request -> operate(command, request, answer));
            default -> {} // arklet does not answer what it does not know
        }
    }

    private void operate(String command, Map<?, ?> request, Consumer<WireMessage> answer) {
        Optional<ModuleRef> named = ref(request);
        Instant now = clock.instant();
        if (named.isEmpty()) {
            return; // a request without a name is never sent by us
        }
        ModuleRef ref = named.get();
        if (unfinished.contains(ref)) {
            answer.accept(ArkletJson.conflict(command, ref, now));
        } else if (command.equals(UNINSTALL)) {
            answer.accept(
                    modules.remove(ref) == null
                            ? ArkletJson.notThere(ref, now)
                            : ArkletJson.uninstalled(ref, now));
        } else if (modules.containsKey(ref)) {
            answer.accept(ArkletJson.alreadyThere(ref, now));
        } else {
            Object url = request.get("bizUrl");
            install(ref, url == null ? "" : url.toString(), answer);
        }
    }

    private void install(ModuleRef ref, String url, Consumer<WireMessage> answer) {
        Instant begun = clock.instant();
        switch (behaviours.getOrDefault(url, InstallBehaviour.starts())) {
            case Starts(Duration after) ->
                    later(ref, after, () -> answer.accept(started(ref, ref, begun)));
            case StartsAs(ModuleRef real) -> answer.accept(started(ref, real, begun));
            case FailsToStart(Duration after, String cause) ->
                    later(ref, after, () -> answer.accept(broken(ref, cause)));
            case CannotBePulled(String message) ->
                    answer.accept(ArkletJson.failed(INSTALL, ref, List.of(message), begun));
            case Hangs() -> {
                unfinished.add(ref);
                workers.occupy();
            }
        }
    }

    private WireMessage started(ModuleRef asked, ModuleRef real, Instant begun) {
        Instant now = clock.instant();
        modules.put(
                real,
                new FakeModule(real, ModuleState.ACTIVATED, now.toEpochMilli(), "STARTED", ""));
        return ArkletJson.installed(asked, real, begun, now);
    }

    private WireMessage broken(ModuleRef ref, String cause) {
        Instant now = clock.instant();
        WireMessage answer =
                ArkletJson.failed(
                        INSTALL,
                        ref,
                        List.of("java.lang.reflect.InvocationTargetException", cause),
                        now);
        if (autoUninstall) {
            modules.remove(ref);
        } else {
            modules.put(
                    ref,
                    new FakeModule(
                            ref, ModuleState.BROKEN, now.toEpochMilli(), "INSTALL_FAILED", cause));
        }
        return answer;
    }

    private void later(ModuleRef ref, Duration after, Runnable end) {
        if (after.isZero()) {
            end.run();
            return;
        }
        unfinished.add(ref);
        workers.occupy();
        modules.put(
                ref,
                new FakeModule(
                        ref, ModuleState.RESOLVED, clock.instant().toEpochMilli(), "CREATED", ""));
        int begunIn = process;
        delay.run(after, () -> ended(begunIn, ref, end));
    }

    private synchronized void ended(int begunIn, ModuleRef ref, Runnable end) {
        if (begunIn == process) {
            unfinished.remove(ref);
            end.run();
            workers.free();
        }
    }

    private static Optional<ModuleRef> ref(Map<?, ?> request) {
        return request.get("bizName") instanceof String name
                        && request.get("bizVersion") instanceof String version
                        && !name.isBlank()
                        && !version.isBlank()
                ? Optional.of(new ModuleRef(name, version))
                : Optional.empty();
    }
}
