package io.koupleless.controller.testkit.playground;

import io.koupleless.controller.testkit.controlplane.ControlPlane;
import io.koupleless.controller.testkit.process.CloseAtExit;
import io.koupleless.controller.testkit.process.Directories;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The main class of {@code ./playground}. */
public final class Playground {
    /** Names the controller's jar; the script sets it. */
    private static final String CONTROLLER_JAR = "module-controller.jar";

    private static final int FAILED = 1;
    private static final int WRONG_USE = 2;

    private Playground() {}

    @SuppressWarnings("SystemErr")
    public static void main(String... arguments) throws InterruptedException {
        Optional<PlaygroundArguments> parsed = PlaygroundArguments.parse(arguments);
        if (parsed.isEmpty()) {
            System.err.print(PlaygroundArguments.usage());
            System.exit(WRONG_USE);
            return;
        }
        switch (parsed.get().mode()) {
            case HELP -> System.out.print(PlaygroundArguments.usage());
            case EXIT -> System.exit(play(parsed.get().tunnel(), _ -> {}));
            case STAY -> System.exit(play(parsed.get().tunnel(), Playground::stay));
        }
    }

    /** What happens once everything is up. */
    @FunctionalInterface
    private interface Afterwards {
        void run(Invitation invitation) throws InterruptedException;
    }

    private static int play(TunnelChoice tunnel, Afterwards afterwards)
            throws InterruptedException {
        Terminal terminal = Terminal.ofThisJvm();
        Cast cast = new Cast(Directories.temporary("module-controller-playground-"));
        System.setProperty("playground.log", cast.logs().resolve("playground.log").toString());
        CloseAtExit.addFirst(new Farewell(cast, terminal));
        try (Steps steps = new Steps(terminal)) {
            Path jar = Path.of(System.getProperty(CONTROLLER_JAR, "controller.jar"));
            ControlPlane controlPlane = new MainJob(steps, cast, jar, tunnel).run();
            afterwards.run(new Invitation(terminal, cast, controlPlane, steps.elapsed()));
            return 0;
        } catch (StepFailedException e) {
            if (cast.isClosing()) {
                stayForTheSignal();
            }
            cast.keepLogs();
            terminal.failed(e.step(), e.elapsed(), e.reason());
            terminal.detail("all logs: " + cast.logs());
            return FAILED;
        }
    }

    private static void stay(Invitation invitation) throws InterruptedException {
        invitation.print();
        stayForTheSignal();
    }

    /** The shutdown hooks do the rest. */
    private static void stayForTheSignal() throws InterruptedException {
        new CountDownLatch(1).await();
    }
}
