package io.koupleless.controller.arklet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.tunnel.Answer;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** What must come out of a capture. */
@FunctionalInterface
interface Expectation {
    void check(Capture capture) throws Exception;

    static Expectation malformed() {
        return capture ->
                assertThatThrownBy(capture::decode).isInstanceOf(MalformedMessageException.class);
    }

    static Expectation seen(String id, String name, String cluster, int port) {
        return capture -> {
            var seen = event(capture, TunnelEvent.BaseSeen.class).seen();
            assertThat(List.of(seen.id().value(), seen.name(), seen.clusterName()))
                    .containsExactly(id, name, cluster);
            assertThat(seen.version()).isEqualTo("1.0.0");
            assertThat(seen.ip()).matches("[0-9.]+");
            assertThat(seen.port()).isEqualTo(port);
            assertThat(seen.active()).isTrue();
        };
    }

    static Expectation baselineAsked() {
        return capture -> event(capture, TunnelEvent.BaselineAsked.class);
    }

    /** A health answer to a bare question: all that we use is there. */
    static Expectation wholeHealth() {
        return capture -> {
            var health = event(capture, TunnelEvent.HealthReported.class).health();
            assertThat(health.active()).isTrue();
            assertThat(health.masterState()).isEqualToIgnoringCase("activated");
            assertThat(health.uptime()).isPresent();
            assertThat(health.usedMetaspace().orElseThrow()).isGreaterThan(40_000_000);
            assertThat(health.committedMetaspace().orElseThrow())
                    .isGreaterThan(health.usedMetaspace().orElseThrow());
            assertThat(health.maxMetaspace()).isEmpty();
            assertThat(health.cpuCount()).hasValue(2);
            assertThat(health.javaVersion()).hasValue("17.0.15");
        };
    }

    /** A health answer that was narrowed by the question. */
    static Expectation partialHealth(boolean jvm, boolean cpu) {
        return capture -> {
            var health = event(capture, TunnelEvent.HealthReported.class).health();
            assertThat(health.active()).isTrue();
            assertThat(health.uptime().isPresent()).isEqualTo(jvm);
            assertThat(health.cpuCount().isPresent()).isEqualTo(cpu);
        };
    }

    static Expectation refused(String message) {
        return capture ->
                assertThat(event(capture, TunnelEvent.QueryRefused.class).message())
                        .isEqualTo(message);
    }

    /** Modules as {@code name:version STATE}. */
    static Expectation modules(String... modules) {
        return capture ->
                assertThat(shown(event(capture, TunnelEvent.ModulesReported.class).modules()))
                        .containsExactlyInAnyOrder(modules);
    }

    /** The items of a batch, as {@code name:version STATE}, or the kind of an answer without. */
    static Expectation batched(String... items) {
        return capture ->
                assertThat(items(event(capture, TunnelEvent.BatchAnswered.class)))
                        .containsExactlyInAnyOrder(items);
    }

    static Expectation done(String... modules) {
        return capture ->
                assertThat(shown(answer(capture, Answer.Done.class).installed()))
                        .containsExactly(modules);
    }

    static Expectation answered(Class<? extends Answer> kind) {
        return capture -> answer(capture, kind);
    }

    static Expectation failed(Answer.Failure failure, String cause) {
        return new FailedSo(failure, cause);
    }

    /** A command of ours was refused. */
    record FailedSo(Answer.Failure failure, String cause) implements Expectation {
        @Override
        public void check(Capture capture) throws Exception {
            Answer.Failed failed = answer(capture, Answer.Failed.class);
            assertThat(failed.failure()).isEqualTo(failure);
            assertThat(failed.cause()).isEqualTo(cause);
            assertThat(failed.message()).isNotBlank();
        }
    }

    /** The same over HTTP. */
    static Expectation batch(String... items) {
        return capture -> {
            Command batch = new Command.InstallAll(List.of());
            var event = new ArkletCodec().decodeHttp(Capture.BASE, batch, capture.payload());
            assertThat(event).isInstanceOf(TunnelEvent.BatchAnswered.class);
            assertThat(items((TunnelEvent.BatchAnswered) event)).containsExactlyInAnyOrder(items);
        };
    }

    private static List<String> items(TunnelEvent.BatchAnswered batch) {
        return batch.answers().values().stream()
                .flatMap(answer ->
                        answer instanceof Answer.Done(List<ModuleStatus> installed)
                                ? shown(installed).stream()
                                : Stream.of(answer.getClass().getSimpleName()))
                .toList();
    }

    /**
     * An answer to a command that we never send: it may be taken for anything but breaks nothing.
     */
    static Expectation foreign() {
        return capture -> {
            var commands =
                    List.of(
                            capture.command(),
                            new Command.QueryHealth(),
                            new Command.QueryModules());
            for (Command command : commands) {
                try {
                    new ArkletCodec().decodeHttp(Capture.BASE, command, capture.payload());
                } catch (MalformedMessageException e) {
                    assertThat(e).hasMessageNotContaining("base-demo");
                }
            }
        };
    }

    /** A request with just the fields that we send comes out of {@code encode} to the letter. */
    static Expectation request() {
        return capture -> {
            byte[] encoded = new ArkletCodec().encode(capture.command());
            if (capture.hasFieldsOf(encoded)) {
                assertThat(new String(encoded, StandardCharsets.UTF_8)).isEqualTo(capture.text());
            } else {
                assertThat(encoded).isNotEqualTo(capture.payload());
            }
        };
    }

    private static List<String> shown(List<ModuleStatus> modules) {
        return modules.stream().map(m -> m.ref() + " " + m.state()).toList();
    }

    private static <T extends TunnelEvent> T event(Capture capture, Class<T> kind)
            throws MalformedMessageException {
        return assertThat(capture.decode()).asInstanceOf(type(kind)).actual();
    }

    private static <T extends Answer> T answer(Capture capture, Class<T> kind)
            throws MalformedMessageException {
        var answered = event(capture, TunnelEvent.CommandAnswered.class);
        if (!capture.isMqtt()) {
            Command.OnModule command = (Command.OnModule) capture.command();
            assertThat(answered.operation()).isEqualTo(command.operation());
            assertThat(answered.ref()).hasValue(command.ref());
        }
        return assertThat(answered.answer()).asInstanceOf(type(kind)).actual();
    }
}
