package io.koupleless.controller.simulation;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A base as arklet is: over MQTT five workers, no ids, heartbeats that die in an outage; over HTTP
 * a loop for each request.
 */
final class ModelBase {
    static final ModuleRef MASTER = new ModuleRef("base-demo", "1.0.0");

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int WORKERS = 5;
    private static final int LOOPS = 4;

    /** A module as the base knows it. */
    static final class Biz {
        final ModuleRef ref;
        final ModuleRef asked;
        final String url;
        final @Nullable Sent by;
        ModuleState state = ModuleState.RESOLVED;
        long changedAt;
        long activeSince = Long.MAX_VALUE;
        String message = "";

        Biz(ModuleRef asked, String url, @Nullable Sent by, long now) {
            this.ref = Jars.manifest(asked, url);
            this.asked = asked;
            this.url = url;
            this.by = by;
            this.changedAt = now;
        }

        void become(ModuleState next, VirtualTime time) {
            state = next;
            changedAt = time.now().wall().toEpochMilli();
            activeSince = next == ModuleState.ACTIVATED ? time.nanos() : Long.MAX_VALUE;
        }
    }

    /**
     * @param reply takes the response over HTTP; over MQTT there is none
     */
    private record Task(
            String name,
            JsonNode body,
            @Nullable Sent sent,
            int process,
            @Nullable Batch batch,
            @Nullable Consumer<ObjectNode> reply) {}

    /** One worker does it; its answer has an item for each URL. */
    private static final class Batch {
        private final ObjectNode items = JSON.createObjectNode();
        private final List<Sent> sent;
        private final @Nullable Consumer<ObjectNode> reply;
        private int open;
        private boolean failed;

        private Batch(List<Sent> sent, int open, @Nullable Consumer<ObjectNode> reply) {
            this.sent = sent;
            this.open = open;
            this.reply = reply;
        }
    }

    private final VirtualTime time;
    private final Chance chance;
    private final Faults faults;
    private final Story story;
    private final Wire wire;
    private final String identity;
    private final boolean keepsBroken;
    private final boolean severalActive;
    private final boolean listsMaster;
    private final Map<ModuleRef, Biz> modules = new TreeMap<>();
    private final Set<ModuleRef> locked = new HashSet<>();
    private final Deque<Task> waiting = new ArrayDeque<>();
    private final Map<ModuleRef, Long> lastActive = new TreeMap<>();
    private final Invariants invariants;
    private final Chance ways;
    private String ip;
    private Runnable onServing = () -> {};
    private boolean up;
    private boolean subscribed;
    private boolean heartsDead;
    private int process;
    private int working;
    private int loops;
    private boolean hung;
    private long startedAt;

    ModelBase(
            VirtualTime time,
            Chance chance,
            Faults faults,
            Story story,
            Wire wire,
            Invariants invariants,
            String identity,
            String ip,
            Chance ways) {
        this.time = time;
        this.chance = chance;
        this.faults = faults;
        this.story = story;
        this.wire = wire;
        this.invariants = invariants;
        this.identity = identity;
        this.ip = ip;
        this.ways = ways;
        this.keepsBroken = chance.of(0.5);
        this.severalActive = chance.of(0.5);
        this.listsMaster = chance.of(0.3);
    }

    void onServing(Runnable beat) {
        onServing = beat;
    }

    Map<ModuleRef, Biz> modules() {
        return modules;
    }

    boolean up() {
        return up;
    }

    int process() {
        return process;
    }

    long startedAt() {
        return startedAt;
    }

    boolean heartsDead() {
        return heartsDead;
    }

    boolean severalActive() {
        return severalActive;
    }

    String ip() {
        return ip;
    }

    String identity() {
        return identity;
    }

    /** It listens to its topics. */
    boolean listens() {
        return up && subscribed;
    }

    /** Its HTTP server listens. */
    boolean serves() {
        return up && subscribed && faults.http;
    }

    /** No loop is left that could answer a dial. */
    boolean loopsBusy() {
        return loops >= LOOPS;
    }

    /** An install will never end. */
    boolean hung() {
        return hung;
    }

    /** Its Pod is made anew elsewhere; returns the address that it had. */
    String move(String to) {
        String before = ip;
        ip = to;
        return before;
    }

    /** Active now, or not long ago, under this name or as what was asked for by it. */
    boolean wasActive(ModuleRef ref, long millis) {
        boolean active =
                modules.values().stream()
                        .filter(biz -> biz.ref.equals(ref) || biz.asked.equals(ref))
                        .anyMatch(biz -> biz.state == ModuleState.ACTIVATED);
        Long last = lastActive.get(ref);
        return active || last != null && time.nanos() - last < millis * 1_000_000;
    }

    private @Nullable Biz remove(ModuleRef ref) {
        Biz biz = modules.remove(ref);
        if (biz != null && biz.state == ModuleState.ACTIVATED) {
            lastActive.put(biz.ref, time.nanos());
            lastActive.put(biz.asked, time.nanos());
        }
        return biz;
    }

    void start() {
        if (up) {
            return;
        }
        up = true;
        subscribed = false;
        process++;
        heartsDead = false;
        startedAt = time.nanos();
        locked.clear();
        waiting.clear();
        working = 0;
        loops = 0;
        hung = false;
        story.tell("base", "starts as process", process);
        int mine = process;
        time.after(
                chance.between(500, 3_000),
                () -> {
                    if (up && process == mine) {
                        subscribed = true;
                        onServing.run();
                        ObjectNode asks = JSON.createObjectNode();
                        asks.put("identity", identity).put("name", "demo").put("version", "1.0.0");
                        publish("queryBaseline", asks, null);
                        beat(mine);
                    }
                });
    }

    void kill() {
        if (up) {
            up = false;
            List.copyOf(modules.keySet()).forEach(this::remove);
            story.tell("base", "is killed");
        }
    }

    private void beat(int mine) {
        if (!up || process != mine || heartsDead || !faults.mqtt) {
            return;
        }
        if (!wire.baseConnected()) {
            heartsDead = true;
            story.tell("base", "will never send a heartbeat again");
            return;
        }
        ObjectNode heart = JSON.createObjectNode();
        heart.putObject("baseMetadata")
                .put("identity", identity)
                .put("name", "demo")
                .put("version", "1.0.0")
                .put("clusterName", "default");
        heart.put("localHostName", "host-7").put("localIP", ip).put("port", 0);
        heart.put("state", "activated");
        publish("heart", heart, null);
        time.after(10_000, () -> beat(mine));
    }

    private void publish(String topic, JsonNode data, @Nullable Sent answerTo) {
        publishAll(topic, data, answerTo == null ? List.of() : List.of(answerTo));
    }

    private void publishAll(String topic, JsonNode data, List<Sent> answerTo) {
        ObjectNode envelope = JSON.createObjectNode();
        envelope.put("publishTimestamp", time.now().wall().toEpochMilli());
        envelope.set("data", data);
        byte[] bytes = envelope.toString().getBytes(StandardCharsets.UTF_8);
        wire.toController(topic, bytes, answerTo);
    }

    void receive(String name, byte[] bytes, List<Sent> sent) {
        if (!up || !subscribed) {
            return;
        }
        JsonNode body = JSON.readTree(bytes);
        if (name.equals("base/baseline")) {
            baseline(body, sent, null);
            return;
        }
        waiting.add(
                new Task(name, body, sent.isEmpty() ? null : sent.getFirst(), process, null, null));
        work();
    }

    /** A request over HTTP: a loop of its own works on it, and answers. */
    void take(String name, byte[] bytes, List<Sent> sent, Consumer<ObjectNode> reply) {
        JsonNode body = JSON.readTree(bytes);
        Task task =
                new Task(name, body, sent.isEmpty() ? null : sent.getFirst(), process, null, reply);
        switch (name) {
            case "health" -> reply.accept(healthResponse());
            case "queryAllBiz" -> {
                ObjectNode response = success();
                response.set("data", modulesList());
                reply.accept(response);
            }
            case "help" -> {
                ObjectNode response = success();
                ArrayNode commands = response.putArray("data");
                commands.addObject().put("id", "installBiz");
                if (severalActive) {
                    commands.addObject().put("id", "batchInstallBiz");
                }
                reply.accept(response);
            }
            case "batchInstallBiz" -> {
                loops++;
                baseline(
                        body.get("bizList"),
                        sent,
                        response -> {
                            loops--;
                            reply.accept(response);
                        });
            }
            case "installBiz" -> {
                loops++;
                install(task);
            }
            case "uninstallBiz" -> {
                loops++;
                uninstall(task);
            }
            default -> throw new IllegalStateException("arklet has no " + name);
        }
    }

    /** Every jar is downloaded before the first is installed. */
    private void baseline(JsonNode list, List<Sent> sent, @Nullable Consumer<ObjectNode> reply) {
        Batch batch = new Batch(sent, list.size(), reply);
        boolean undownloadable = !list.isEmpty() && chance.of(faults.now(faults.failingDownloads));
        story.tell("base", "installs a batch of", list.size());
        if (list.isEmpty() || undownloadable) {
            ObjectNode response = undownloadable ? failure("no such file") : success();
            publishBatch(batch, response);
            return;
        }
        for (int i = 0; i < list.size(); i++) {
            Sent one = i < sent.size() ? sent.get(i) : null;
            Task task = new Task("installBiz", list.get(i), one, process, batch, null);
            ModuleRef ref = ref(list.get(i));
            String url = list.get(i).get("bizUrl").asString();
            boolean slow = chance.of(faults.now(faults.slowInstalls));
            done(task, () -> unpacked(task, ref, url, slow), chance.between(5, 300));
        }
    }

    private void ended(Task task, Batch batch, ObjectNode response) {
        JsonNode data = response.path("data");
        ObjectNode item = JSON.createObjectNode();
        boolean repeat = data.path("code").asString("").equals("REPEAT_BIZ");
        boolean good = response.path("code").asString("").equals("SUCCESS");
        item.put("code", good ? "SUCCESS" : repeat ? "REPEAT_BIZ" : "FAILED");
        item.put("message", good ? "success" : "internal exception: null");
        if (data.has("bizInfos")) {
            item.set("bizInfos", data.get("bizInfos"));
        }
        batch.items.set(task.body().get("bizUrl").asString(), item);
        batch.failed |= !good;
        batch.open--;
        if (batch.open == 0) {
            ObjectNode whole = JSON.createObjectNode();
            whole.put("code", batch.failed ? "FAILED" : "SUCCESS");
            whole.putObject("data").set("bizUrlToResponse", batch.items);
            publishBatch(batch, whole);
        }
    }

    private void publishBatch(Batch batch, ObjectNode response) {
        if (batch.reply != null) {
            batch.reply.accept(response);
            return;
        }
        ObjectNode data = JSON.createObjectNode();
        data.put("command", "batchInstallBiz").set("response", response);
        publishAll("batchInstallBizResponse", data, batch.sent);
    }

    private void work() {
        while (working < WORKERS && !waiting.isEmpty()) {
            Task task = waiting.poll();
            working++;
            switch (task.name()) {
                case "health" -> {
                    health();
                    working--;
                }
                case "queryAllBiz" -> {
                    list();
                    working--;
                }
                case "installBiz" -> install(task);
                case "uninstallBiz" -> uninstall(task);
                default -> throw new IllegalStateException("arklet has no " + task.name());
            }
        }
    }

    private void done(Task task, Runnable then, long millis) {
        time.after(
                millis,
                () -> {
                    if (up && process == task.process()) {
                        then.run();
                    }
                });
    }

    private void finish(Task task, ModuleRef requested) {
        if (task.batch() != null) {
            return; // it locks nothing, and has a thread of its own
        }
        locked.remove(requested);
        if (task.reply() != null) {
            loops--;
            return;
        }
        working--;
        work();
    }

    private void health() {
        publish("health", healthResponse(), null);
    }

    private ObjectNode healthResponse() {
        ObjectNode data = JSON.createObjectNode();
        data.put("code", "SUCCESS");
        ObjectNode health = data.putObject("data").putObject("healthData");
        health.putObject("jvm")
                .put("java version", "17.0.15")
                .put("run time(s)", (time.nanos() - startedAt) / 1_000_000 / 1000.0)
                .put("java used metaspace", 50_000_000 + 1_000_000 * modules.size())
                .put("java max metaspace", -1);
        health.putObject("cpu").put("count", 2);
        health.putObject("masterBizInfo")
                .put("bizName", MASTER.name())
                .put("bizVersion", MASTER.version())
                .put("bizState", "ACTIVATED");
        return data;
    }

    private void list() {
        publish("simpleBiz", modulesList(), null);
    }

    private ArrayNode modulesList() {
        ArrayNode list = JSON.createArrayNode();
        if (listsMaster) {
            list.addObject()
                    .put("name", MASTER.name())
                    .put("version", MASTER.version())
                    .put("state", "activated");
        }
        for (Biz biz : modules.values()) {
            ObjectNode item = list.addObject();
            item.put("name", biz.ref.name()).put("version", biz.ref.version());
            item.put("state", biz.state.name().toLowerCase(java.util.Locale.ROOT));
            item.putObject("latestStateRecord")
                    .put("changeTime", biz.changedAt)
                    .put("message", biz.message)
                    .put("state", biz.state.name());
        }
        return list;
    }

    private void install(Task task) {
        JsonNode body = task.body();
        ModuleRef ref = ref(body);
        if (!locked.add(ref)) {
            conflict(task, "installBiz", ref);
            return;
        }
        String url = body.get("bizUrl").asString();
        story.tell("base", "installs", ref, url);
        if (task.reply() != null && ways.of(faults.now(faults.hungInstalls))) {
            story.tell("base", "hangs in its download");
            hung = true;
            return;
        }
        boolean slow = chance.of(faults.now(faults.slowInstalls));
        long download = slow ? chance.between(500, 25_000) : chance.between(5, 300);
        done(task, () -> downloaded(task, ref, url, slow), download);
    }

    private static ModuleRef ref(JsonNode body) {
        return new ModuleRef(body.get("bizName").asString(), body.get("bizVersion").asString());
    }

    private void downloaded(Task task, ModuleRef ref, String url, boolean slow) {
        if (chance.of(faults.now(faults.failingDownloads))) {
            ObjectNode failed = failure("java.io.FileNotFoundException: " + url);
            answer(task, "installBiz", ref, failed);
            finish(task, ref);
            return;
        }
        unpacked(task, ref, url, slow);
    }

    private void unpacked(Task task, ModuleRef ref, String url, boolean slow) {
        if (task.body().path("installStrategy").asString("").equals("uninstallThenInstall")) {
            modules.keySet().stream()
                    .filter(other -> other.name().equals(ref.name()))
                    .toList()
                    .forEach(other -> {
                        remove(other);
                        invariants.killed(other, task.sent());
                    });
        }
        Biz biz = new Biz(ref, url, task.sent(), time.now().wall().toEpochMilli());
        if (modules.containsKey(biz.ref)) {
            ObjectNode repeat = JSON.createObjectNode();
            repeat.put("code", "FAILED").put("message", "install biz not success!");
            repeat.putObject("data").put("code", "REPEAT_BIZ").put("message", "installed");
            answer(task, "installBiz", ref, repeat);
            finish(task, ref);
            return;
        }
        modules.put(biz.ref, biz);
        long start = slow ? chance.between(500, 25_000) : chance.between(20, 900);
        done(task, () -> started(task, biz), start);
    }

    private void started(Task task, Biz biz) {
        if (modules.get(biz.ref) != biz) {
            finish(task, biz.asked);
            return;
        }
        if (chance.of(faults.now(faults.failingStarts))) {
            String trace =
                    "java.lang.reflect.InvocationTargetException\n"
                            + "Caused by: java.lang.IllegalStateException: no database";
            if (keepsBroken) {
                biz.message = trace;
                biz.become(ModuleState.BROKEN, time);
            } else {
                remove(biz.ref);
            }
            story.tell("base", biz.ref, "fails to start");
            answer(task, "installBiz", biz.asked, failure(trace));
        } else {
            boolean other =
                    modules.values().stream()
                            .anyMatch(o ->
                                    o.ref.name().equals(biz.ref.name())
                                            && o.state == ModuleState.ACTIVATED);
            biz.become(
                    other && !severalActive ? ModuleState.DEACTIVATED : ModuleState.ACTIVATED,
                    time);
            story.tell("base", biz.ref, "is", biz.state);
            ObjectNode success = success();
            ((ObjectNode) success.get("data"))
                    .putArray("bizInfos")
                    .addObject()
                    .put("bizName", biz.ref.name())
                    .put("bizVersion", biz.ref.version())
                    .put("bizState", biz.state.name());
            answer(task, "installBiz", biz.asked, success);
        }
        finish(task, biz.asked);
    }

    private void uninstall(Task task) {
        ModuleRef ref = ref(task.body());
        if (!locked.add(ref)) {
            conflict(task, "uninstallBiz", ref);
            return;
        }
        boolean slow = chance.of(faults.now(faults.slowUninstalls));
        long takes = slow ? chance.between(500, 28_000) : chance.between(5, 400);
        done(
                task,
                () -> {
                    if (remove(ref) == null) {
                        ObjectNode missing = JSON.createObjectNode();
                        missing.put("code", "FAILED").put("message", "uninstall not success");
                        missing.putObject("data").put("code", "NOT_FOUND_BIZ").put("message", "");
                        answer(task, "uninstallBiz", ref, missing);
                    } else {
                        story.tell("base", "uninstalls", ref);
                        invariants.uninstalled(ref, task.sent());
                        answer(task, "uninstallBiz", ref, success());
                    }
                    finish(task, ref);
                },
                takes);
    }

    private void conflict(Task task, String name, ModuleRef ref) {
        ObjectNode response = JSON.createObjectNode();
        response.put("code", "FAILED");
        response.put(
                "message",
                "FAILED:" + ref + " " + name + " conflict, exist unfinished command for this biz");
        answer(task, name, ref, response);
        if (task.reply() != null) {
            loops--;
        } else {
            working--;
        }
    }

    private static ObjectNode success() {
        ObjectNode response = JSON.createObjectNode();
        response.put("code", "SUCCESS");
        response.putObject("data").put("code", "SUCCESS").put("message", "success");
        return response;
    }

    private static ObjectNode failure(String trace) {
        ObjectNode response = JSON.createObjectNode();
        response.put("code", "FAILED").put("message", trace.lines().findFirst().orElse(""));
        response.putObject("data").put("code", "FAILED").put("message", trace);
        return response;
    }

    private void answer(Task task, String name, ModuleRef ref, ObjectNode response) {
        if (task.batch() != null) {
            ended(task, task.batch(), response);
            return;
        }
        if (task.reply() != null) {
            task.reply().accept(response);
            return;
        }
        ObjectNode data = JSON.createObjectNode();
        data.put("command", name).put("bizName", ref.name()).put("bizVersion", ref.version());
        data.set("response", response);
        publish("bizOperation", data, task.sent());
    }

    /** Somebody else takes a module away. */
    void vanish(ModuleRef ref) {
        if (remove(ref) != null) {
            story.tell("base", ref, "vanishes");
        }
    }

    /** Somebody else installs a module. */
    void foreign(ModuleRef ref, String url) {
        Biz biz = new Biz(ref, url, null, time.now().wall().toEpochMilli());
        biz.become(ModuleState.ACTIVATED, time);
        modules.put(biz.ref, biz);
    }
}
