package io.koupleless.controller.samples.base;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The base: an ordinary Spring Boot web application into which arklet installs modules. */
@SpringBootApplication
public class BaseApplication {

    public static void main(String[] args) {
        // modules run in this JVM and learn from the property which base they are on
        System.setProperty(
                BaseIdentity.PROPERTY, BaseIdentity.fromSystemProperties().identity());
        SpringApplication.run(BaseApplication.class, args);
    }
}
