package io.koupleless.controller.app;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the controller; {@link CoreConfiguration} puts it together. */
@SpringBootApplication(proxyBeanMethods = false)
public class ModuleControllerApplication {
    public static void main(String[] arguments) {
        EndOnError.install();
        SpringApplication.run(ModuleControllerApplication.class, arguments);
    }
}
