package io.koupleless.controller.probe;

import io.koupleless.controller.pod.CheckResult;
import io.koupleless.controller.pod.Target;
import java.time.Duration;
import java.util.function.Consumer;

/** Asks modules how they are. */
@FunctionalInterface
public interface Prober {
    /**
     * Returns at once.
     *
     * @param timeout for the whole of it, once it has begun
     * @param then called exactly once, by any thread; must not block
     */
    void check(Target target, Duration timeout, Consumer<CheckResult> then);
}
