package io.koupleless.controller.fleet;

import io.koupleless.controller.pod.CheckResult;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelCounters;
import io.koupleless.controller.vnode.FailureCode;
import io.koupleless.controller.vnode.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** The counters and timers of the fleet; gauges are registered by the {@link Fleet} itself. */
public final class FleetMetrics implements TunnelCounters {
    static final String PREFIX = "module_controller_";

    private final MeterRegistry meters;

    public FleetMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    MeterRegistry registry() {
        return meters;
    }

    @Override
    public void dropped(String tunnel, String reason) {
        meters.counter(PREFIX + "messages_dropped", "tunnel", tunnel, "reason", reason).increment();
    }

    /** An identity that no Node can be named after, or an event of a base nobody knows. */
    void refused(String reason) {
        meters.counter(PREFIX + "bases_refused", "reason", reason).increment();
    }

    void sent(Command command, Outcome outcome) {
        meters.counter(
                        PREFIX + "commands_sent",
                        "command",
                        command.getClass().getSimpleName(),
                        "result",
                        outcome.getClass().getSimpleName())
                .increment();
    }

    void answered(String command, String result, Duration took) {
        Timer.builder(PREFIX + "commands")
                .tag("command", command)
                .tag("result", result)
                .register(meters)
                .record(took);
    }

    void failed(FailureCode code) {
        meters.counter(PREFIX + "module_failures", "code", code.code()).increment();
    }

    void probed(CheckResult result) {
        meters.counter(PREFIX + "probes", "result", result.getClass().getSimpleName()).increment();
    }

    /** The replicas of a peer Deployment. */
    void scaled(String direction, Outcome outcome) {
        meters.counter(
                        PREFIX + "peer_scalings",
                        "direction",
                        direction,
                        "result",
                        outcome.getClass().getSimpleName())
                .increment();
    }

    void event(String reason) {
        meters.counter(PREFIX + "events", "reason", reason).increment();
    }
}
