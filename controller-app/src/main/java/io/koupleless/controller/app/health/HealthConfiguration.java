package io.koupleless.controller.app.health;

import io.koupleless.controller.ControllerHealth;
import io.koupleless.controller.ModuleController;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the groups liveness and readiness are made of; the names of the beans are those shown. */
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {

    /** No step of a virtual node takes too long. */
    @Bean
    HealthIndicator workers(ModuleController controller) {
        return () -> workers(controller.health());
    }

    /** What is known of Nodes and Pods is there and up to date. */
    @Bean
    HealthIndicator kubernetes(ModuleController controller) {
        return () -> kubernetes(controller.health());
    }

    /** At least one tunnel can reach bases. */
    @Bean
    HealthIndicator tunnels(ModuleController controller) {
        return () -> tunnels(controller.health());
    }

    static Health workers(ControllerHealth health) {
        return upIf(health.stuck() == 0).withDetail("stuck", health.stuck()).build();
    }

    static Health kubernetes(ControllerHealth health) {
        return upIf(health.synced() && health.fresh())
                .withDetail("synced", health.synced())
                .withDetail("fresh", health.fresh())
                .build();
    }

    static Health tunnels(ControllerHealth health) {
        return upIf(health.linked()).withDetails(health.links()).build();
    }

    private static Health.Builder upIf(boolean good) {
        return good ? Health.up() : Health.down();
    }
}
