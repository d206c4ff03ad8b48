package io.koupleless.controller.app.settings;

import java.util.Set;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** Each tunnel is a profile; without any there is nothing to do. */
public final class TunnelProfiles
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    public static final String MQTT = "mqtt";
    static final String HTTP = "http";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        check(Set.of(context.getEnvironment().getActiveProfiles()));
    }

    static void check(Set<String> active) {
        if (active.contains(HTTP)) {
            throw new RefusedStartException(
                    "Profile http comes with a later version; profiles here: mqtt.",
                    "Take http out of SPRING_PROFILES_ACTIVE, and ENABLE_HTTP_TUNNEL too.");
        }
        if (!active.contains(MQTT)) {
            throw new RefusedStartException(
                    "No tunnel is chosen, so no base could be reached. Profiles here: mqtt.",
                    "Set SPRING_PROFILES_ACTIVE=mqtt, or ENABLE_MQTT_TUNNEL=true.");
        }
    }
}
