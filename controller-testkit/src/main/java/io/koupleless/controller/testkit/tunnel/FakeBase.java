package io.koupleless.controller.testkit.tunnel;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.testkit.tunnel.InstallBehaviour.CannotBePulled;
import io.koupleless.controller.testkit.tunnel.InstallBehaviour.FailsToStart;
import io.koupleless.controller.testkit.tunnel.InstallBehaviour.Hangs;
import io.koupleless.controller.testkit.tunnel.InstallBehaviour.Starts;
import io.koupleless.controller.testkit.tunnel.InstallBehaviour.StartsAs;
import java.nio.charset.StandardCharsets;
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
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A base at arklet's wire, without a JVM of its own: bytes in, bytes out, as a 2.1.11 base was seen
 * to do over MQTT. It knows no transport; whoever carries its bytes calls {@link #handle}.
 */
public final class FakeBase {
    private static final String INSTALL = "installBiz";
    private static final String UNINSTALL = "uninstallBiz";

    /** Its answer to {@code queryBaseline}: a plain topic works as well. */
    private static final String BASELINE = "base/baseline";

    private final BaseId id;
    private final InstantSource clock;
    private final Delay delay;
    private final Map<ModuleRef, FakeModule> modules = new LinkedHashMap<>();
    private final Map<String, InstallBehaviour> behaviours = new HashMap<>();
    private final Set<ModuleRef> unfinished = new HashSet<>();
    private final List<Arrival> arrivals = new ArrayList<>();
    private final Workers workers = new Workers();
    private final Map<String, Object> metadata = new TreeMap<>();
    private long usedMetaspace = 49_834_288;
    private long mostMetaspace = -1;
    private boolean answering = true;
    private boolean autoUninstall = true;
    private boolean batchRuns;
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

    /** Its process, so new, says that it has been running for so long already. */
    public synchronized FakeBase runningFor(Duration time) {
        startedAt = clock.instant().minus(time);
        return this;
    }

    /** Its heartbeats say so in {@code baseMetadata.labels}. */
    public synchronized FakeBase labelled(Map<String, String> said) {
        metadata.put("labels", Map.copyOf(said));
        return this;
    }

    /** What modules choose it by; its version is 1.0.0. */
    public synchronized FakeBase named(String name, String clusterName) {
        metadata.put("name", name);
        metadata.put("clusterName", clusterName);
        return this;
    }

    /**
     * Its health says so.
     *
     * @param used bytes
     * @param most bytes, -1 for no limit
     */
    public synchronized FakeBase metaspace(long used, long most) {
        usedMetaspace = used;
        mostMetaspace = most;
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
        return arrivals.stream().map(Arrival::command).toList();
    }

    /** The same with what they said. */
    public synchronized List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    public synchronized WireMessage heartbeat() {
        return ArkletJson.heart(id, metadata, clock.instant());
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
        batchRuns = false;
        workers.restart();
        startedAt = clock.instant();
        CompletableFuture<Void> ended = processEnded;
        processEnded = new CompletableFuture<>();
        return ended;
    }

    /**
     * A command has arrived.
     *
     * @param command what follows the base's identity in its topic
     * @param answer given at most one message, at once or later
     */
    public synchronized void handle(String command, byte[] payload, Consumer<WireMessage> answer) {
        arrived(command, payload);
        if (answering) {
            workers.submit(() -> run(command, payload, answer));
        }
    }

    /** The same for a command that the transport answers by itself. */
    synchronized void arrived(String command, byte[] payload) {
        arrivals.add(new Arrival(command, new String(payload, StandardCharsets.UTF_8)));
    }

    private void run(String command, byte[] payload, Consumer<WireMessage> answer) {
        switch (command) {
            case "health" ->
                    answer.accept(
                            ArkletJson.health(
                                    startedAt, usedMetaspace, mostMetaspace, clock.instant()));
            case "queryAllBiz" ->
                    answer.accept(ArkletJson.simpleBiz(modules.values(), clock.instant()));
            case INSTALL, UNINSTALL ->
                    ArkletJson.request(payload)
                            .ifPresent(request -> operate(command, request, answer));
            case BASELINE, "baseline" ->
                    ArkletJson.list(payload).ifPresent(items -> installAll(items, answer));
            case ArkletJson.BATCH ->
                    ArkletJson.batchList(payload).ifPresent(items -> installAll(items, answer));
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
        switch (behaviour(url)) {
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

    /**
     * Every jar is downloaded before the first module starts; each module then starts beside the
     * others, and a single command for one of them is not kept out.
     */
    private void installAll(List<?> requests, Consumer<WireMessage> answer) {
        Map<String, ModuleRef> wanted = byUrl(requests);
        Optional<String> missing =
                wanted.keySet().stream()
                        .map(this::behaviour)
                        .filter(CannotBePulled.class::isInstance)
                        .map(behaviour -> ((CannotBePulled) behaviour).message())
                        .findFirst();
        if (batchRuns) {
            answer.accept(ArkletJson.batchConflict(clock.instant()));
        } else if (missing.isPresent()) {
            answer.accept(ArkletJson.batchFailed(missing.get(), clock.instant()));
        } else {
            batchRuns = true;
            workers.occupy();
            Batch batch = new Batch(wanted.keySet(), items -> batchEnded(items, answer));
            if (wanted.keySet().stream().map(this::behaviour).noneMatch(Hangs.class::isInstance)) {
                wanted.forEach((url, ref) -> install(url, ref, batch));
                batch.begun();
            }
        }
    }

    private void batchEnded(Map<String, Object> items, Consumer<WireMessage> answer) {
        batchRuns = false;
        answer.accept(ArkletJson.batchAnswered(items, clock.instant()));
        workers.free();
    }

    /** Of two with one URL arklet keeps one. */
    private static Map<String, ModuleRef> byUrl(List<?> requests) {
        Map<String, ModuleRef> wanted = new LinkedHashMap<>();
        for (Object one : requests) {
            if (one instanceof Map<?, ?> request && request.get("bizUrl") instanceof String url) {
                ref(request).ifPresent(ref -> wanted.put(url, ref));
            }
        }
        return wanted;
    }

    private void install(String url, ModuleRef ref, Batch batch) {
        if (modules.containsKey(ref)) {
            batch.ended(url, ArkletJson.repeatedItem(ref));
            return;
        }
        Instant begun = clock.instant();
        switch (behaviour(url)) {
            case Starts(Duration after) ->
                    starting(ref, after, () -> batch.ended(url, startedItem(ref, ref, begun)));
            case StartsAs(ModuleRef real) -> batch.ended(url, startedItem(ref, real, begun));
            case FailsToStart(Duration after, String cause) ->
                    starting(ref, after, () -> batch.ended(url, brokenItem(ref, cause)));
            case CannotBePulled _, Hangs _ ->
                    throw new IllegalStateException(url + " was not downloaded");
        }
    }

    private Map<String, Object> startedItem(ModuleRef asked, ModuleRef real, Instant begun) {
        listStarted(real);
        return ArkletJson.installedItem(asked, real, begun, clock.instant());
    }

    /** Why is not told. */
    private Map<String, Object> brokenItem(ModuleRef ref, String cause) {
        listBroken(ref, cause);
        return ArkletJson.failedItem();
    }

    private InstallBehaviour behaviour(String url) {
        return behaviours.getOrDefault(url, InstallBehaviour.starts());
    }

    private WireMessage started(ModuleRef asked, ModuleRef real, Instant begun) {
        listStarted(real);
        return ArkletJson.installed(asked, real, begun, clock.instant());
    }

    private void listStarted(ModuleRef real) {
        modules.put(
                real,
                new FakeModule(
                        real,
                        ModuleState.ACTIVATED,
                        clock.instant().toEpochMilli(),
                        "STARTED",
                        ""));
    }

    private WireMessage broken(ModuleRef ref, String cause) {
        listBroken(ref, cause);
        return ArkletJson.failed(
                INSTALL,
                ref,
                List.of("java.lang.reflect.InvocationTargetException", cause),
                clock.instant());
    }

    private void listBroken(ModuleRef ref, String cause) {
        if (autoUninstall) {
            modules.remove(ref);
        } else {
            modules.put(
                    ref,
                    new FakeModule(
                            ref,
                            ModuleState.BROKEN,
                            clock.instant().toEpochMilli(),
                            "INSTALL_FAILED",
                            cause));
        }
    }

    private void later(ModuleRef ref, Duration after, Runnable end) {
        if (after.isZero()) {
            end.run();
            return;
        }
        unfinished.add(ref);
        workers.occupy();
        starting(
                ref,
                after,
                () -> {
                    unfinished.remove(ref);
                    end.run();
                    workers.free();
                });
    }

    private void starting(ModuleRef ref, Duration after, Runnable end) {
        if (after.isZero()) {
            end.run();
            return;
        }
        modules.put(
                ref,
                new FakeModule(
                        ref, ModuleState.RESOLVED, clock.instant().toEpochMilli(), "CREATED", ""));
        int begunIn = process;
        delay.run(after, () -> ended(begunIn, end));
    }

    private synchronized void ended(int begunIn, Runnable end) {
        if (begunIn == process) {
            end.run();
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
