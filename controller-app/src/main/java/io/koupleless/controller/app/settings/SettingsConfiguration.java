package io.koupleless.controller.app.settings;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** The settings, checked. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ControllerProperties.class)
public class SettingsConfiguration {

    /** Spring Boot asks a bean of this name to check every {@code @ConfigurationProperties}. */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static SettingsRules configurationPropertiesValidator() {
        return new SettingsRules();
    }
}
