package io.koupleless.controller.testkit.tunnel;

import java.util.ArrayDeque;
import java.util.Queue;

/** Arklet's pool over MQTT: 5 at work, 100 waiting, the rest lost. Confined to its base's lock. */
final class Workers {
    private static final int AT_WORK = 5;
    private static final int WAITING = 100;

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int busy;

    void submit(Runnable command) {
        if (busy < AT_WORK) {
            command.run();
        } else if (waiting.size() < WAITING) {
            waiting.add(command);
        }
    }

    /** A command goes on without its caller: a module that takes its time, a hanging download. */
    void occupy() {
        busy++;
    }

    void free() {
        busy--;
        Runnable next = waiting.poll();
        if (next != null) {
            next.run();
        }
    }

    void restart() {
        waiting.clear();
        busy = 0;
    }
}
