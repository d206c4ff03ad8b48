package io.koupleless.controller.app.settings;

import java.util.Set;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** Each tunnel is a profile; without any there is nothing to do. */
public final class TunnelProfiles
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    public static final String MQTT = "mqtt";
    public static final String HTTP = "http";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        check(Set.of(context.getEnvironment().getActiveProfiles()));
    }

    static void check(Set<String> active) {
        if (!active.contains(MQTT) && !active.contains(HTTP)) {
            throw new RefusedStartException(
                    "No tunnel is chosen, so no base could be reached. Profiles here: mqtt, http.",
                    "Set SPRING_PROFILES_ACTIVE=mqtt,http (or one of them), or ENABLE_MQTT_TUNNEL"
                            + " and ENABLE_HTTP_TUNNEL to true.");
        }
    }
}
