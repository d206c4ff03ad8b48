package io.koupleless.controller.app.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.ControllerHealth;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class HealthConfigurationTest {
    private static final ControllerHealth GOOD =
            new ControllerHealth(true, true, Map.of("a", false, "b", true), 0);
    private static final ControllerHealth BAD =
            new ControllerHealth(true, false, Map.of("a", false), 2);
    private static final ControllerHealth NEW = new ControllerHealth(false, true, Map.of(), 0);

    @Test
    void aStuckWorkerIsNoLife() {
        assertThat(HealthConfiguration.workers(GOOD).getStatus()).isEqualTo(Status.UP);
        assertThat(HealthConfiguration.workers(BAD).getStatus()).isEqualTo(Status.DOWN);
        assertThat(HealthConfiguration.workers(BAD).getDetails()).containsEntry("stuck", 2L);
    }

    @Test
    void cachesMustBeFilledAndFresh() {
        assertThat(HealthConfiguration.kubernetes(GOOD).getStatus()).isEqualTo(Status.UP);
        assertThat(HealthConfiguration.kubernetes(BAD).getStatus()).isEqualTo(Status.DOWN);
        assertThat(HealthConfiguration.kubernetes(NEW).getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void oneTunnelIsEnough() {
        assertThat(HealthConfiguration.tunnels(GOOD).getStatus()).isEqualTo(Status.UP);
        assertThat(HealthConfiguration.tunnels(BAD).getStatus()).isEqualTo(Status.DOWN);
        assertThat(HealthConfiguration.tunnels(GOOD).getDetails()).containsEntry("a", false);
    }
}
