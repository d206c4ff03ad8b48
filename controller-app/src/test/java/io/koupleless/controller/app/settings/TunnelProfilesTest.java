package io.koupleless.controller.app.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class TunnelProfilesTest {
    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withInitializer(new TunnelProfiles());

    @Test
    void eachTunnelStartsAloneAndBothTogether() {
        assertThat(TunnelProfiles.MQTT).isEqualTo("mqtt");
        assertThat(TunnelProfiles.HTTP).isEqualTo("http");
        for (String active : List.of("mqtt", "http", "mqtt,http")) {
            runner.withPropertyValues("spring.profiles.active=" + active)
                    .run(context -> assertThat(context).hasNotFailed());
        }
    }

    @Test
    void withoutATunnelTheProfilesAreListed() {
        assertRefused("", "Profiles here: mqtt, http", "SPRING_PROFILES_ACTIVE=mqtt,http");
        assertRefused("other", "Profiles here: mqtt, http", "ENABLE_MQTT_TUNNEL");
    }

    private static void assertRefused(String active, String why, String fix) {
        Set<String> profiles =
                Stream.of(active.split(","))
                        .filter(profile -> !profile.isEmpty())
                        .collect(Collectors.toSet());
        assertThatThrownBy(() -> TunnelProfiles.check(profiles))
                .isInstanceOfSatisfying(
                        RefusedStartException.class,
                        refused -> {
                            assertThat(refused).hasMessageContaining(why);
                            assertThat(refused.fix()).contains(fix);
                        });
    }
}
