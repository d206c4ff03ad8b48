package io.koupleless.controller.arklet;

import io.koupleless.controller.base.BaseHealth;
import io.koupleless.controller.module.ModuleRef;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads {@code healthData}: metaspace is in bytes and its maximum -1 when unlimited, the uptime in
 * seconds with a fraction; which parts are there depends on what was asked.
 */
final class HealthReader {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private HealthReader() {}

    static BaseHealth read(WireValue response) throws MalformedMessageException {
        WireValue health = response.get("data").get("healthData");
        if (!health.isObject()) {
            throw new MalformedMessageException("the answer has no healthData");
        }
        WireValue jvm = health.get("jvm");
        String masterState = health.get("masterBizInfo").text("bizState");
        return new BaseHealth(
                masterState.isEmpty() ? null : masterState,
                master(health.get("masterBizInfo")),
                uptime(jvm),
                jvm.count("java used metaspace"),
                jvm.count("java committed metaspace"),
                jvm.count("java max metaspace"),
                positive(health.get("cpu").count("count")),
                Optional.of(jvm.text("java version")).filter(version -> !version.isEmpty()),
                contextPaths(health.get("bizListInfo")));
    }

    private static Map<ModuleRef, String> contextPaths(WireValue modules) {
        Map<ModuleRef, String> paths = new HashMap<>();
        modules.elements()
                .forEach(module -> {
                    String path = module.text("webContextPath");
                    if (!path.isEmpty()) {
                        ModulesReader.ref(module).ifPresent(ref -> paths.put(ref, path));
                    }
                });
        return paths;
    }

    private static Optional<ModuleRef> master(WireValue info) {
        String name = info.text("bizName");
        String version = info.text("bizVersion");
        return name.isBlank() || version.isBlank()
                ? Optional.empty()
                : Optional.of(new ModuleRef(name, version));
    }

    private static Optional<Duration> uptime(WireValue jvm) {
        double seconds = jvm.decimal("run time(s)").orElse(-1);
        if (seconds < 0 || seconds > LONGEST.toSeconds()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    private static OptionalLong positive(OptionalLong count) {
        return count.orElse(0) == 0 ? OptionalLong.empty() : count;
    }
}
