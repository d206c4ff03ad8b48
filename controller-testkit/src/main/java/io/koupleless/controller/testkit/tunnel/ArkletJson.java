package io.koupleless.controller.testkit.tunnel;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The shapes that a 2.1.11 base was seen to publish over MQTT. */
final class ArkletJson {
    static final String BATCH = "batchInstallBiz";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final DateTimeFormatter DIRECTORY =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final List<String> NO_IMPORTS =
            List.of(
                    "denyImportClasses",
                    "denyImportPackageNodes",
                    "denyImportPackageStems",
                    "denyImportPackages",
                    "denyImportResources",
                    "denyPrefixImportResourceStems",
                    "denySuffixImportResourceStems",
                    "injectExportPackages",
                    "injectPluginDependencies");
    private static final String TRACE =
            "\tat com.alipay.sofa.koupleless.arklet.core.command.builtin.handler"
                    + ".InstallBizHandler.handle(InstallBizHandler.java:77)\n"
                    + "\tat java.base/java.lang.Thread.run(Thread.java:840)\n";

    private ArkletJson() {}

    /**
     * @param said what its metadata say otherwise, or beyond what arklet's say
     */
    static WireMessage heart(BaseId id, Map<String, Object> said, Instant now) {
        Map<String, Object> status = new TreeMap<>();
        Map<String, Object> metadata = metadata(id);
        metadata.putAll(said);
        status.put("baseMetadata", metadata);
        status.put("localHostName", "localhost");
        status.put("localIP", "127.0.0.1");
        status.put("port", 0);
        status.put("state", "activated");
        return envelope("heart", now, status);
    }

    static WireMessage queryBaseline(BaseId id, Instant now) {
        return envelope("queryBaseline", now, metadata(id));
    }

    /**
     * @param used bytes of metaspace
     * @param most bytes of metaspace, -1 for no limit
     */
    static WireMessage health(Instant startedAt, long used, long most, Instant now) {
        Map<String, Object> jvm = new TreeMap<>();
        jvm.put("java version", "17.0.15");
        jvm.put("run time(s)", Duration.between(startedAt, now).toMillis() / 1000.0);
        jvm.put("java used metaspace", used);
        jvm.put("java committed metaspace", 50_397_184L);
        jvm.put("java max metaspace", most);
        jvm.put("max memory(M)", 494.9375);
        Map<String, Object> master =
                Map.of(
                        "bizName", "base-demo",
                        "bizVersion", "1.0.0",
                        "bizState", "ACTIVATED",
                        "webContextPath", "/");
        Map<String, Object> health =
                Map.of(
                        "jvm", jvm,
                        "cpu", Map.of("count", 2, "type", "AMD EPYC", "total used (%)", 102_160),
                        "masterBizInfo", master,
                        "bizListInfo", List.of(master),
                        "pluginListInfo", List.of());
        return envelope(
                "health", now, Map.of("code", "SUCCESS", "data", Map.of("healthData", health)));
    }

    static WireMessage simpleBiz(Collection<FakeModule> modules, Instant now) {
        return envelope("simpleBiz", now, modules.stream().map(ArkletJson::simple).toList());
    }

    static WireMessage installed(ModuleRef asked, ModuleRef real, Instant started, Instant now) {
        Map<String, Object> data = installedItem(asked, real, started, now);
        data.put("elapsedSpace", 544_208);
        return operation("installBiz", asked, Map.of("code", "SUCCESS", "data", data), now);
    }

    /** One of a batch. */
    static Map<String, Object> installedItem(
            ModuleRef asked, ModuleRef real, Instant started, Instant now) {
        Map<String, Object> item = new TreeMap<>();
        item.put("bizInfos", List.of(bizInfo(asked, real, started, now)));
        item.put("code", "SUCCESS");
        item.put(
                "message",
                "Install Biz: %s success, cost: %d ms, started at: 10:26:29,346"
                        .formatted(real, Duration.between(started, now).toMillis()));
        return item;
    }

    static WireMessage uninstalled(ModuleRef asked, Instant now) {
        Map<String, Object> data =
                Map.of("code", "SUCCESS", "message", "Uninstall biz: " + asked + " success.");
        return operation("uninstallBiz", asked, Map.of("code", "SUCCESS", "data", data), now);
    }

    static WireMessage alreadyThere(ModuleRef asked, Instant now) {
        Map<String, Object> data = repeatedItem(asked);
        data.put("elapsedSpace", 0);
        return refused("installBiz", asked, data, "install biz not success!", now);
    }

    /** One of a batch. */
    static Map<String, Object> repeatedItem(ModuleRef asked) {
        Map<String, Object> item = new TreeMap<>();
        item.put("code", "REPEAT_BIZ");
        item.put("message", "Biz: " + asked + " has been installed or registered.");
        return item;
    }

    /** One of a batch whose code threw. */
    static Map<String, Object> failedItem() {
        return Map.of("code", "FAILED", "message", "internal exception: null");
    }

    /**
     * @param items by URL
     */
    static WireMessage batchAnswered(Map<String, Object> items, Instant now) {
        boolean success =
                items.values().stream()
                        .allMatch(item ->
                                item instanceof Map<?, ?> answer
                                        && "SUCCESS".equals(answer.get("code")));
        Map<String, Object> data = new TreeMap<>();
        data.put("bizUrlToResponse", items);
        data.put("code", success ? "SUCCESS" : "FAILED");
        data.put("elapsedSpace", success ? 371_424 * Math.min(1, items.size()) : 0);
        data.put("message", success ? "batch install success" : "batch install failed");
        Map<String, Object> response = new TreeMap<>();
        response.put("code", success ? "SUCCESS" : "FAILED");
        response.put("data", data);
        if (!success) {
            response.put("message", "install biz not success!");
        }
        return batch(response, now);
    }

    /** One jar could not be had. */
    static WireMessage batchFailed(String cause, Instant now) {
        Map<String, Object> data = Map.of("code", "FAILED", "message", trace(List.of(cause)));
        return batch(Map.of("code", "FAILED", "data", data, "message", cause), now);
    }

    /** The lock is on the batch's own name and version, which it has not. */
    static WireMessage batchConflict(Instant now) {
        String message =
                "null:null %s conflict, exist unfinished command(%s) for this biz"
                        .formatted(BATCH, BATCH);
        return batch(Map.of("code", "FAILED", "message", message), now);
    }

    private static WireMessage batch(Map<String, Object> response, Instant now) {
        Map<String, Object> data = new TreeMap<>();
        data.put("command", BATCH);
        data.put("response", response);
        return envelope("batchInstallBizResponse", now, data);
    }

    static WireMessage notThere(ModuleRef asked, Instant now) {
        Map<String, Object> data =
                Map.of(
                        "code",
                        "NOT_FOUND_BIZ",
                        "message",
                        "Uninstall biz: " + asked + " not found.");
        return refused("uninstallBiz", asked, data, "uninstall biz not success!", now);
    }

    static WireMessage conflict(String command, ModuleRef asked, Instant now) {
        String message =
                "%s %s conflict, exist unfinished command(installBiz) for this biz"
                        .formatted(asked, command);
        return operation(command, asked, Map.of("code", "FAILED", "message", message), now);
    }

    /** A module that threw, or a jar that was not there: {@code causes} from the outside in. */
    static WireMessage failed(String command, ModuleRef asked, List<String> causes, Instant now) {
        Map<String, Object> data = Map.of("code", "FAILED", "message", trace(causes));
        return refused(command, asked, data, causes.getFirst(), now);
    }

    private static String trace(List<String> causes) {
        StringBuilder trace =
                new StringBuilder(
                                "com.alipay.sofa.koupleless.arklet.core.common.exception"
                                        + ".ArkletRuntimeException: ")
                        .append(causes.getFirst())
                        .append('\n')
                        .append(TRACE);
        causes.forEach(
                cause -> trace.append("Caused by: ").append(cause).append('\n').append(TRACE));
        return trace.toString();
    }

    /** The request's fields; empty when the bytes are no JSON object. */
    static Optional<Map<?, ?>> request(byte[] payload) {
        return read(payload) instanceof Map<?, ?> map ? Optional.of(map) : Optional.empty();
    }

    /** The items of a baseline; empty when the bytes are no JSON array. */
    static Optional<List<?>> list(byte[] payload) {
        return read(payload) instanceof List<?> list ? Optional.of(list) : Optional.empty();
    }

    /** The items of a {@code batchInstallBiz}; empty when there is no list of them. */
    static Optional<List<?>> batchList(byte[] payload) {
        return read(payload) instanceof Map<?, ?> map && map.get("bizList") instanceof List<?> list
                ? Optional.of(list)
                : Optional.empty();
    }

    private static @Nullable Object read(byte[] payload) {
        try {
            return JSON.readValue(payload, Object.class);
        } catch (JacksonException e) {
            return null;
        }
    }

    private static Map<String, Object> metadata(BaseId id) {
        return new TreeMap<>(
                Map.of(
                        "clusterName", "demo-cluster",
                        "identity", id.value(),
                        "name", "base-demo",
                        "version", "1.0.0"));
    }

    private static Map<String, Object> simple(FakeModule module) {
        return new TreeMap<>(
                Map.of(
                        "name", module.ref().name(),
                        "version", module.ref().version(),
                        "state", module.state().name().toLowerCase(Locale.ROOT),
                        "latestStateRecord",
                                record(
                                        module.state().name(),
                                        module.reason(),
                                        module.changedAt(),
                                        module.message())));
    }

    private static Map<String, Object> record(
            String state, String reason, long at, String message) {
        return new TreeMap<>(
                Map.of("changeTime", at, "message", message, "reason", reason, "state", state));
    }

    private static Map<String, Object> bizInfo(
            ModuleRef asked, ModuleRef real, Instant started, Instant now) {
        String directory =
                "/ark/%s-%s-%s-unpack"
                        .formatted(asked.name(), asked.version(), DIRECTORY.format(started));
        Map<String, Object> info = new TreeMap<>();
        info.put("attributes", Map.of());
        info.put("bizName", real.name());
        info.put("bizVersion", real.version());
        info.put("identity", real.toString());
        info.put("bizState", "ACTIVATED");
        info.put(
                "bizStateRecords",
                List.of(
                        record("RESOLVED", "CREATED", started.toEpochMilli(), ""),
                        record("ACTIVATED", "STARTED", now.toEpochMilli(), "")));
        info.put("bizTempWorkDir", directory);
        info.put("bizUrl", "file:" + directory + "/");
        info.put("classPath", List.of("file:" + directory + "/", "file:" + directory + "/lib"));
        info.put("declaredMode", true);
        NO_IMPORTS.forEach(field -> info.put(field, List.of()));
        info.put("mainClass", mainClass(real.name()));
        info.put("priority", 100);
        info.put("webContextPath", real.name());
        return info;
    }

    static String mainClass(String module) {
        String simple = module.substring(0, 1).toUpperCase(Locale.ROOT) + module.substring(1);
        return "demo.%s.%sApplication".formatted(module, simple);
    }

    private static WireMessage refused(
            String command,
            ModuleRef asked,
            Map<String, Object> data,
            String message,
            Instant now) {
        return operation(
                command, asked, Map.of("code", "FAILED", "data", data, "message", message), now);
    }

    private static WireMessage operation(
            String command, ModuleRef asked, Map<String, Object> response, Instant now) {
        Map<String, Object> data = new TreeMap<>();
        data.put("bizName", asked.name());
        data.put("bizVersion", asked.version());
        data.put("command", command);
        data.put("response", response);
        return envelope("bizOperation", now, data);
    }

    private static WireMessage envelope(String topic, Instant now, Object data) {
        Map<String, Object> envelope = new TreeMap<>();
        envelope.put("data", data);
        envelope.put("publishTimestamp", now.toEpochMilli());
        return new WireMessage(topic, JSON.writeValueAsBytes(envelope));
    }
}
