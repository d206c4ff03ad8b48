package io.koupleless.controller.samples.slow;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** A module that takes ten seconds to start, or until the file is there that its argument names. */
@SpringBootApplication
public class SlowApplication {

    public static void main(String[] args) throws InterruptedException {
        if (args.length == 0) {
            TimeUnit.SECONDS.sleep(10);
        }
        while (args.length > 0 && !Files.exists(Path.of(args[0]))) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        new SpringApplicationBuilder(SlowApplication.class)
                .web(WebApplicationType.NONE)
                .properties("spring.application.name=slow")
                .run(args);
    }
}
