package io.koupleless.controller.app;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Metrics are also where scrapers of the Go controller look for them. */
@Configuration(proxyBeanMethods = false)
class MetricsPath implements WebMvcConfigurer {
    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addViewController("/metrics").setViewName("forward:/actuator/prometheus");
    }
}
