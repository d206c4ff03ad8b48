package io.koupleless.controller.fleet;

import io.koupleless.controller.module.ModuleState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** What the fleet looks like now, read when somebody asks. */
final class FleetGauges {
    private FleetGauges() {}

    static void register(Fleet fleet, MeterRegistry meters) {
        for (String trust : List.of("UNPROBED", "ASSUMED", "PROBED", "SILENT")) {
            Gauge.builder(FleetMetrics.PREFIX + "bases", fleet, f -> bases(f, trust))
                    .tag("state", trust)
                    .register(meters);
        }
        for (ModuleState state : ModuleState.values()) {
            Gauge.builder(FleetMetrics.PREFIX + "modules", fleet, f -> modules(f, state))
                    .tag("state", state.name())
                    .register(meters);
        }
        Gauge.builder(FleetMetrics.PREFIX + "commands_unanswered", fleet, FleetGauges::unanswered)
                .register(meters);
        Gauge.builder(FleetMetrics.PREFIX + "queue_depth", fleet, FleetGauges::depth)
                .register(meters);
    }

    private static double bases(Fleet fleet, String trust) {
        return fleet.running().stream().filter(n -> n.snapshot().trust().equals(trust)).count();
    }

    private static double modules(Fleet fleet, ModuleState state) {
        return fleet.running().stream()
                .mapToInt(n -> n.snapshot().modules().getOrDefault(state, 0))
                .sum();
    }

    private static double unanswered(Fleet fleet) {
        return fleet.running().stream().mapToInt(n -> n.snapshot().unanswered()).sum();
    }

    private static double depth(Fleet fleet) {
        return fleet.running().stream().mapToInt(RunningNode::depth).sum();
    }
}
