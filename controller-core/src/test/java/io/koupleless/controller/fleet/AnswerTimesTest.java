package io.koupleless.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.tunnel.Answer;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Operation;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AnswerTimesTest {
    private static final ModuleRef BIZ = new ModuleRef("biz", "1");
    private static final Command INSTALL = new Command.Install(BIZ, URI.create("file:///biz.jar"));
    private static final TunnelEvent.OfBase DONE =
            new TunnelEvent.CommandAnswered(
                    new BaseId("b"),
                    Operation.INSTALL,
                    Optional.of(BIZ),
                    new Answer.Done(List.of()));

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AnswerTimes times = new AnswerTimes(new FleetMetrics(meters));

    private static long at(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    private Optional<Timer> timer(String command) {
        return Optional.ofNullable(
                meters.find("module_controller_commands").tag("command", command).timer());
    }

    @Test
    void theFirstAnswerTellsTheTimeAndItsRepetitionNothing() {
        times.sent(INSTALL, at(1));
        times.heard(DONE, at(3));
        times.heard(DONE, at(9));

        assertThat(timer("INSTALL").orElseThrow().count()).isEqualTo(1);
        assertThat(timer("INSTALL").orElseThrow().totalTime(TimeUnit.SECONDS)).isEqualTo(2);
    }

    @Test
    void questionsAreTimedAsWell() {
        times.sent(new Command.QueryModules(), at(1));
        times.heard(new TunnelEvent.ModulesReported(new BaseId("b"), List.of()), at(2));

        assertThat(timer("MODULES").orElseThrow().count()).isEqualTo(1);
    }

    @Test
    void whatNeverLeftOrIsLongAgoIsNotAnswered() {
        times.sent(INSTALL, at(1));
        times.notSent(INSTALL);
        times.heard(DONE, at(2));
        times.sent(INSTALL, at(3));
        times.sent(new Command.QueryHealth(), at(1_000));
        times.heard(DONE, at(1_001));

        assertThat(timer("INSTALL")).isEmpty();
    }
}
