package io.koupleless.controller.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndOnErrorTest {
    private final List<Integer> ends = new ArrayList<>();
    private final EndOnError handler = new EndOnError(ends::add);

    @Test
    void aClassThatIsNotFoundEndsTheProcess() throws InterruptedException {
        thrown(new NoClassDefFoundError("io/example/Gone"));

        assertThat(ends).containsExactly(70);
    }

    @Test
    void anExceptionIsOnlyLogged() throws InterruptedException {
        thrown(new IllegalStateException("a listener failed"));

        assertThat(ends).isEmpty();
    }

    private void thrown(Throwable thrown) throws InterruptedException {
        Thread.ofVirtual().uncaughtExceptionHandler(handler).start(() -> sneak(thrown)).join();
    }

    private static void sneak(Throwable thrown) {
        switch (thrown) {
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            default -> throw new IllegalArgumentException(thrown);
        }
    }
}
