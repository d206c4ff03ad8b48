package io.koupleless.controller.tunnel.mqtt;

import io.koupleless.controller.base.BaseId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The topics of one environment, built and read; identities are kept verbatim. */
final class MqttTopics {
    private static final List<String> ANSWERS =
            List.of(
                    "heart",
                    "queryBaseline",
                    "health",
                    "simpleBiz",
                    "biz",
                    "bizOperation",
                    "batchInstallBizResponse");
    private static final String BASE = "base";
    private static final String BASELINE = "baseline";
    private static final int MAX_BYTES = 65_535;

    private final String prefix;

    MqttTopics(String env) {
        this.prefix = "koupleless_" + env.toLowerCase(Locale.ROOT) + "/";
    }

    /** What a base said: which base, and on which of its topics. */
    record Said(BaseId base, String answer) {}

    /** Filters of all that bases say; their number does not depend on the number of bases. */
    List<String> answers() {
        return ANSWERS.stream().map(answer -> prefix + "+/" + BASE + "/" + answer).toList();
    }

    /** Filters of all that is said to bases, where retained commands may lie. */
    List<String> commands() {
        return List.of(prefix + "+/+", prefix + "+/" + BASE + "/" + BASELINE);
    }

    /** Empty for an identity that cannot be a level of a topic. */
    Optional<String> command(BaseId base, String commandName) {
        String topic = prefix + base.value() + "/" + commandName;
        return isLevel(base.value()) && fits(topic) ? Optional.of(topic) : Optional.empty();
    }

    /** Empty for a topic on which no base speaks, or that names none. */
    Optional<Said> read(String topic) {
        String[] levels = levels(topic);
        boolean said = levels.length == 3 && levels[1].equals(BASE) && ANSWERS.contains(levels[2]);
        return said && !levels[0].isBlank()
                ? Optional.of(new Said(new BaseId(levels[0]), levels[2]))
                : Optional.empty();
    }

    /** True for a topic of {@link #commands()}. */
    boolean isCommand(String topic) {
        String[] levels = levels(topic);
        return levels.length == 2
                || (levels.length == 3 && levels[1].equals(BASE) && levels[2].equals(BASELINE));
    }

    /** True for a text that can be one level of a topic. */
    static boolean isLevel(String text) {
        return text.chars().noneMatch(c -> c == '/' || c == '+' || c == '#' || c == 0);
    }

    private String[] levels(String topic) {
        return topic.startsWith(prefix)
                ? topic.substring(prefix.length()).split("/", -1)
                : new String[0];
    }

    private static boolean fits(String topic) {
        return topic.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
    }
}
