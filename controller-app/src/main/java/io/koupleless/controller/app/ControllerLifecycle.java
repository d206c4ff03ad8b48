package io.koupleless.controller.app;

import io.koupleless.controller.ModuleController;
import io.koupleless.controller.app.settings.ControllerProperties;
import io.koupleless.controller.app.settings.SettingsWarnings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/** Starts the controller after all else, and stops it before all else. */
final class ControllerLifecycle implements SmartLifecycle, DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerLifecycle.class);

    private final ModuleController controller;
    private final ControllerProperties settings;
    private final Instance instance;
    private boolean running;
    private boolean closed;

    ControllerLifecycle(
            ModuleController controller, ControllerProperties settings, Instance instance) {
        this.controller = controller;
        this.settings = settings;
        this.instance = instance;
    }

    @Override
    public synchronized void start() {
        SettingsWarnings.of(settings).forEach(warning -> LOG.atWarn().log(warning));
        LOG.atInfo()
                .addKeyValue("identity", instance.identity())
                .addKeyValue("env", settings.env())
                .addKeyValue("namespace", settings.namespace())
                .addKeyValue("version", instance.version())
                .log("Controlling bases");
        controller.start();
        running = true;
    }

    @Override
    public void stop() {
        destroy();
    }

    /** Also when the start failed half-way, in which case nobody calls {@link #stop}. */
    @Override
    public synchronized void destroy() {
        running = false;
        if (!closed) {
            closed = true;
            controller.close();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }
}
