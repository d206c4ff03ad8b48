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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The shapes that a 2.1.11 base was seen to publish over MQTT. */
final class ArkletJson {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final DateTimeFormatter DIRECTORY =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String TRACE =
            "\tat com.alipay.sofa.koupleless.arklet.core.command.builtin.handler"
                    + ".InstallBizHandler.handle(InstallBizHandler.java:77)\n"
                    + "\tat java.base/java.lang.Thread.run(Thread.java:840)\n";

    private ArkletJson() {}

    static WireMessage heart(BaseId id, Instant now) {
        Map<String, Object> status = new TreeMap<>();
        status.put("baseMetadata", metadata(id));
        status.put("localHostName", "localhost");
        status.put("localIP", "127.0.0.1");
        status.put("port", 0);
        status.put("state", "activated");
        return envelope("heart", now, status);
    }

    static WireMessage queryBaseline(BaseId id, Instant now) {
        return envelope("queryBaseline", now, metadata(id));
    }

    static WireMessage health(Instant startedAt, Instant now) {
        Map<String, Object> jvm = new TreeMap<>();
        jvm.put("java version", "17.0.15");
        jvm.put("run time(s)", Duration.between(startedAt, now).toMillis() / 1000.0);
        jvm.put("java used metaspace", 49_834_288L);
        jvm.put("java committed metaspace", 50_397_184L);
        jvm.put("java max metaspace", -1);
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
        Map<String, Object> data = new TreeMap<>();
        data.put("bizInfos", List.of(bizInfo(asked, real, started, now)));
        data.put("code", "SUCCESS");
        data.put("elapsedSpace", 544_208);
        data.put(
                "message",
                "Install Biz: %s success, cost: %d ms, started at: 10:26:29,346"
                        .formatted(real, Duration.between(started, now).toMillis()));
        return operation("installBiz", asked, Map.of("code", "SUCCESS", "data", data), now);
    }

    static WireMessage uninstalled(ModuleRef asked, Instant now) {
        Map<String, Object> data =
                Map.of("code", "SUCCESS", "message", "Uninstall biz: " + asked + " success.");
        return operation("uninstallBiz", asked, Map.of("code", "SUCCESS", "data", data), now);
    }

    static WireMessage alreadyThere(ModuleRef asked, Instant now) {
        Map<String, Object> data =
                Map.of(
                        "code",
                        "REPEAT_BIZ",
                        "elapsedSpace",
                        0,
                        "message",
                        "Biz: " + asked + " has been installed or registered.");
        return refused("installBiz", asked, data, "install biz not success!", now);
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
        StringBuilder trace =
                new StringBuilder(
                                "com.alipay.sofa.koupleless.arklet.core.common.exception"
                                        + ".ArkletRuntimeException: ")
                        .append(causes.getFirst())
                        .append('\n')
                        .append(TRACE);
        causes.forEach(
                cause -> trace.append("Caused by: ").append(cause).append('\n').append(TRACE));
        Map<String, Object> data = Map.of("code", "FAILED", "message", trace.toString());
        return refused(command, asked, data, causes.getFirst(), now);
    }

    /** The request's fields; empty when the bytes are no JSON object. */
    static Optional<Map<?, ?>> request(byte[] payload) {
        try {
            return JSON.readValue(payload, Object.class) instanceof Map<?, ?> map
                    ? Optional.of(map)
                    : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
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
        info.put("mainClass", "demo." + real.name() + ".Application");
        info.put("priority", 100);
        info.put("webContextPath", real.name());
        return info;
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
