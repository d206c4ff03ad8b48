package io.koupleless.controller.samples.biz1;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** A web module: its pages appear under /biz1 on the port of the base. */
@SpringBootApplication
public class Biz1Application {

    public static void main(String[] args) {
        new SpringApplicationBuilder(Biz1Application.class)
                .properties("spring.application.name=biz1")
                .run(args);
    }
}
