package io.koupleless.controller.fleet;

import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelEvent;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * How long one base takes to answer. Answers carry no id, so the first one counts; what stays
 * unanswered is forgotten, or a late answer would tell a wrong time.
 */
final class AnswerTimes {
    private static final long FORGOTTEN_AFTER = Duration.ofMinutes(10).toNanos();

    private final FleetMetrics metrics;
    private final Map<Command, Long> sentAt = new ConcurrentHashMap<>();

    AnswerTimes(FleetMetrics metrics) {
        this.metrics = metrics;
    }

    void sent(Command command, long now) {
        sentAt.values().removeIf(since -> now - since > FORGOTTEN_AFTER);
        sentAt.put(command, now);
    }

    void notSent(Command command) {
        sentAt.remove(command);
    }

    void heard(TunnelEvent.OfBase event, long now) {
        switch (event) {
            case TunnelEvent.CommandAnswered answered ->
                    answered(
                            command ->
                                    command instanceof Command.OnModule on
                                            && on.operation() == answered.operation()
                                            && answered.ref().filter(on.ref()::equals).isPresent(),
                            answered.operation().name(),
                            answered.answer().getClass().getSimpleName(),
                            now);
            case TunnelEvent.BatchAnswered batch ->
                    answered(Command.InstallAll.class::isInstance, "BATCH", "Answered", now);
            case TunnelEvent.HealthReported health ->
                    answered(Command.QueryHealth.class::isInstance, "HEALTH", "Answered", now);
            case TunnelEvent.ModulesReported modules ->
                    answered(Command.QueryModules.class::isInstance, "MODULES", "Answered", now);
            default -> {
                // Nothing that was waited for.
            }
        }
    }

    private void answered(Predicate<Command> asked, String name, String result, long now) {
        sentAt.keySet().stream()
                .filter(asked)
                .toList()
                .forEach(command -> {
                    Long since = sentAt.remove(command);
                    if (since != null) {
                        metrics.answered(name, result, Duration.ofNanos(now - since));
                    }
                });
    }
}
