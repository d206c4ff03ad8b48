package io.koupleless.controller.samples.failing;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** A module that never starts: its repository asks for a setting that nobody makes. */
@SpringBootApplication
public class FailingApplication {

    public static void main(String[] args) {
        new SpringApplicationBuilder(FailingApplication.class)
                .web(WebApplicationType.NONE)
                .properties("spring.application.name=failing")
                .run(args);
    }
}
