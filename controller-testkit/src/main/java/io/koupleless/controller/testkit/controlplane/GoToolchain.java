package io.koupleless.controller.testkit.controlplane;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.concurrent.TimeUnit;

/** The Go command of this machine. */
final class GoToolchain {
    private static final int PATIENCE_SECONDS = 20;

    private GoToolchain() {}

    static boolean isInstalled() {
        try {
            Process go =
                    new ProcessBuilder("go", "version")
                            .redirectErrorStream(true)
                            .redirectOutput(Redirect.DISCARD)
                            .start();
            return go.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && go.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
