package io.koupleless.controller.samples.slow;

import java.util.concurrent.TimeUnit;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** A module that takes ten seconds to start. */
@SpringBootApplication
public class SlowApplication {

    public static void main(String[] args) throws InterruptedException {
        TimeUnit.SECONDS.sleep(10);
        new SpringApplicationBuilder(SlowApplication.class)
                .web(WebApplicationType.NONE)
                .properties("spring.application.name=slow")
                .run(args);
    }
}
