package io.koupleless.controller.samples.biz2;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** A module without web pages, packed in two versions: only such modules can run in two versions at once. */
@SpringBootApplication
public class Biz2Application {

    public static void main(String[] args) {
        new SpringApplicationBuilder(Biz2Application.class)
                .web(WebApplicationType.NONE)
                .properties("spring.application.name=biz2")
                .run(args);
    }
}
