package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.testkit.base.BaseMetadata;
import io.koupleless.controller.testkit.base.BrokerAddress;
import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.base.SampleBaseOptions;
import io.koupleless.controller.testkit.base.Samples;
import io.koupleless.controller.testkit.broker.BrokerOptions;
import io.koupleless.controller.testkit.broker.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The sample base, asked what a base of Koupleless 2.1.11 was asked when it was recorded, says the
 * same on the same topics, but for the {@link Deviation}s that have a name.
 */
@ResourceLock(Lane.WIRE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CapturedExchangesIT {
    private static final Duration UP = Duration.ofSeconds(180);
    private static final Duration SOON = Duration.ofSeconds(120);
    private static final String STARTS = "\"args\":[" + Recordings.startsByArgument() + "]";

    private final Samples samples = Samples.find();
    private final Path directory = Path.of("target", "captured-exchanges").toAbsolutePath();
    private final Recordings recordings = new Recordings(samples.modules());
    private final Set<String> compared = new HashSet<>();
    private final Set<Deviation> met = EnumSet.noneOf(Deviation.class);
    private final EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.defaults());
    private AnswerTap tap;
    private SampleBase base;

    @BeforeAll
    void startTheBaseOfTheRecordings() throws Exception {
        tap = new AnswerTap(broker, "koupleless_dev/base-demo-0001/");
        base =
                SampleBase.start(
                        SampleBaseOptions.of(
                                        "base-demo-0001",
                                        new BrokerAddress(broker.host(), broker.port()),
                                        Files.createDirectories(directory))
                                .metadata(
                                        new BaseMetadata(
                                                "base-demo-0001",
                                                "base-demo",
                                                "1.0.0",
                                                "demo-cluster",
                                                "dev"))
                                .with(
                                        "-Dspring.application.name=base-demo",
                                        "-Dbase.host-name=localhost"));
        base.awaitUp(UP);
    }

    @AfterAll
    void end() throws Exception {
        base.close();
        tap.close();
        broker.close();
    }

    @TestFactory
    Stream<DynamicTest> theSampleBaseSaysWhatWasRecorded() {
        List<DynamicTest> story = new ArrayList<>();
        story.add(unasked("mqtt-queryBaseline"));
        story.add(unasked("mqtt-heart"));
        story.addAll(whatGetsNoAnswer());
        story.addAll(installsAndUninstalls());
        story.addAll(baselines());
        story.addAll(whatTheOlderRuntimeSaid());
        story.addAll(afterAnOutage());
        story.add(dynamicTest("nothing more was said", this::nothingMoreIsSaid));
        story.add(
                dynamicTest(
                        "each recording was compared and each deviation met",
                        this::nothingIsLeftOut));
        return story.stream();
    }

    /** Whatever they did would be seen by all that follows. */
    private List<DynamicTest> whatGetsNoAnswer() {
        String biz2 = install("biz2", "1.0.0", url("biz2", "1.0.0"));
        return List.of(
                unanswered("malformed JSON for an install", "installBiz", "{oops"),
                unanswered("malformed JSON for an uninstall", "uninstallBiz", "{oops"),
                unanswered("malformed JSON for health", "health", "{oops"),
                unanswered("a malformed baseline", "base/baseline", "{oops"),
                unanswered("an install without a payload", "installBiz", ""),
                unanswered("an uninstall without a payload", "uninstallBiz", ""),
                unanswered("an unknown command", "nope", "{}"),
                unanswered("help", "help", "{}"),
                unanswered("switchBiz", "switchBiz", module("biz2", "1.0.0")),
                unanswered("queryBizOps", "queryBizOps", "{\"requestId\":\"m-1\"}"),
                unanswered("batchInstallBiz", "batchInstallBiz", "{\"bizList\":[" + biz2 + "]}"),
                unanswered("health of an illegal type", "health", "{\"type\":\"nope\"}"));
    }

    private List<DynamicTest> installsAndUninstalls() {
        String biz1 = install("biz1", "1.0.0", url("biz1", "1.0.0"));
        String next = FixedJar.withVersion(url("biz1", "1.0.0"), "2.0.0", directory);
        return List.of(
                answered("mqtt-health", "health", "{}"),
                answered("mqtt-health-empty-payload", "health", ""),
                answered("mqtt-queryAllBiz-empty", "queryAllBiz", "{}"),
                answered("mqtt-installBiz-ok", "installBiz", biz1),
                answered("mqtt-queryAllBiz-one", "queryAllBiz", "{}"),
                answered("mqtt-installBiz-same-again", "installBiz", biz1),
                answered(
                        "mqtt-installBiz-missing-file",
                        "installBiz",
                        install("biz2", "1.0.0", "file:///nope/x.jar")),
                answered(
                        "mqtt-installBiz-version-mismatch",
                        "installBiz",
                        install("biz2", "9.9.9", url("biz2", "1.0.0"))),
                answered("mqtt-queryAllBiz-after-mismatch", "queryAllBiz", "{}"),
                answered("mqtt-uninstallBiz-ok", "uninstallBiz", module("biz2", "1.0.0")),
                answered(
                        "mqtt-uninstallBiz-not-installed", "uninstallBiz", module("biz2", "1.0.0")),
                answered("mqtt-uninstallBiz-no-version", "uninstallBiz", "{\"bizName\":\"biz2\"}"),
                answered(
                        "mqtt-installBiz-no-name",
                        "installBiz",
                        "{\"bizUrl\":\"" + url("biz2", "1.0.0") + "\"}"),
                answered(
                        "mqtt-uninstallBiz-after-no-name", "uninstallBiz", module("biz2", "1.0.0")),
                answered(
                        "mqtt-installBiz-start-fails",
                        "installBiz",
                        install("failing", "1.0.0", url("failing", "1.0.0"))),
                answered("mqtt-queryAllBiz-after-start-fails", "queryAllBiz", "{}"),
                answered(
                        "mqtt-installBiz-second-version",
                        "installBiz",
                        install("biz1", "2.0.0", next)),
                answered(
                        "mqtt-installBiz-async",
                        "installBiz",
                        with(
                                install("failing", "1.0.0", url("failing", "1.0.0")),
                                STARTS + ",\"async\":true,\"requestId\":\"m-1\"")),
                dynamicTest(
                        "the end of an asynchronous install is told to nobody",
                        this::awaitTheAsynchronousInstall),
                answered(
                        "mqtt-uninstallBiz-async-leftover",
                        "uninstallBiz",
                        module("failing", "1.0.0")),
                answered(
                        "mqtt-health-failing-query",
                        "health",
                        "{\"type\":\"biz\",\"bizName\":\"nope\"}"));
    }

    /** While it goes on, any other command for the module is refused. */
    private void awaitTheAsynchronousInstall() {
        await().atMost(SOON).until(() -> base.modules().contains("failing:1.0.0"));
        String again = install("failing", "1.0.0", url("failing", "1.0.0"));
        await().atMost(SOON)
                .until(() -> {
                    tap.ask("installBiz", again, 0);
                    return tap.answer(SOON).orElseThrow().payload().contains("REPEAT_BIZ");
                });
    }

    private List<DynamicTest> baselines() {
        String biz2 = install("biz2", "1.0.0", url("biz2", "1.0.0"));
        String failing = install("failing", "1.0.0", url("failing", "1.0.0"));
        String missing = install("biz9", "1.0.0", "file:///nope/x.jar");
        return List.of(
                answered(
                        "mqtt-baseline-ok",
                        "base/baseline",
                        "[" + biz2 + "," + with(failing, STARTS) + "]"),
                answered("mqtt-queryAllBiz-after-baseline", "queryAllBiz", "{}"),
                answered("mqtt-baseline-repeat", "base/baseline", "[" + biz2 + "]"),
                answered("mqtt-baseline-empty", "base/baseline", "[]"),
                answered("mqtt-baseline-missing-file", "base/baseline", "[" + missing + "]"),
                answered("mqtt-baseline-on-short-topic", "baseline", "[" + biz2 + "]"),
                answered("mqtt-uninstallBiz-cleanup-1", "uninstallBiz", module("biz1", "1.0.0")),
                answered("mqtt-uninstallBiz-cleanup-2", "uninstallBiz", module("biz2", "1.0.0")),
                answered("mqtt-uninstallBiz-cleanup-3", "uninstallBiz", module("failing", "1.0.0")),
                answered(
                        "mqtt-baseline-one-start-fails",
                        "base/baseline",
                        "[" + biz2 + "," + failing + "]"),
                answered("mqtt-uninstallBiz-cleanup-4", "uninstallBiz", module("biz2", "1.0.0")));
    }

    /** Recorded from a base of 2.1.6 with another tunnel of the same form. */
    private List<DynamicTest> whatTheOlderRuntimeSaid() {
        String biz1 = install("biz1", "1.0.0", url("biz1", "1.0.0"));
        String biz2 = install("biz2", "1.0.0", url("biz2", "1.0.0"));
        return List.of(
                answered("mqtt-central-health", "health", "{}"),
                answered("mqtt-central-installBiz-ok", "installBiz", biz1),
                answered("mqtt-central-installBiz-same-again", "installBiz", biz1),
                answered("mqtt-central-queryAllBiz-one", "queryAllBiz", "{}"),
                answered("mqtt-central-uninstallBiz-ok", "uninstallBiz", module("biz1", "1.0.0")),
                answered(
                        "mqtt-central-uninstallBiz-not-installed",
                        "uninstallBiz",
                        module("biz1", "1.0.0")),
                answered(
                        "mqtt-central-installBiz-missing-file",
                        "installBiz",
                        install("biz1", "1.0.0", "file:///nope.jar")),
                answered(
                        "mqtt-central-baseline-ok",
                        "base/baseline",
                        "[" + biz1 + "," + biz2 + "]"));
    }

    private List<DynamicTest> afterAnOutage() {
        String biz1 = install("biz1", "1.0.0", url("biz1", "1.0.0"));
        return List.of(
                reliably("mqtt-uninstallBiz-cleanup-1", "uninstallBiz", module("biz1", "1.0.0")),
                reliably("mqtt-uninstallBiz-cleanup-2", "uninstallBiz", module("biz2", "1.0.0")),
                reliably("mqtt-installBiz-qos1", "installBiz", biz1),
                reliably("mqtt-uninstallBiz-qos1", "uninstallBiz", module("biz1", "1.0.0")),
                answered("mqtt-queryAllBiz-end", "queryAllBiz", "{}"),
                dynamicTest("the broker goes away and comes back", this::breakTheLink),
                reliably("mqtt-after-outage-health-after-broker-outage", "health", "{}"),
                reliably("mqtt-after-outage-queryAllBiz-after-broker-outage", "queryAllBiz", "{}"));
    }

    private void breakTheLink() throws Exception {
        nothingMoreIsSaid();
        tap.close();
        broker.restart();
        tap = new AnswerTap(broker, "koupleless_dev/base-demo-0001/");
        await("the base listens again")
                .atMost(SOON)
                .until(() -> broker.knows("koupleless_dev/base-demo-0001/base/baseline"));
    }

    private DynamicTest unasked(String recording) {
        return dynamicTest(
                recording, () -> compare(recording, tap.introduction(SOON).orElseThrow()));
    }

    private DynamicTest answered(String recording, String topic, String request) {
        return exchange(recording, topic, request, 0);
    }

    private DynamicTest reliably(String recording, String topic, String request) {
        return exchange(recording, topic, request, 1);
    }

    private DynamicTest exchange(String recording, String topic, String request, int qos) {
        return dynamicTest(
                recording,
                () -> {
                    tap.ask(topic, request, qos);
                    compare(recording, tap.answer(SOON).orElseThrow());
                });
    }

    /** The next thing said is the answer to the next question. */
    private DynamicTest unanswered(String what, String topic, String request) {
        return dynamicTest(
                "no answer to " + what,
                () -> {
                    tap.ask(topic, request, 1);
                    tap.ask("queryAllBiz", "{}", 1);
                    compare("mqtt-queryAllBiz-empty", tap.answer(SOON).orElseThrow());
                });
    }

    private void nothingMoreIsSaid() throws Exception {
        assertThat(tap.answer(Duration.ZERO)).isEmpty();
    }

    private void nothingIsLeftOut() {
        assertThat(compared).isEqualTo(recordings.names());
        assertThat(met).containsExactly(Deviation.values());
    }

    private void compare(String recording, AnswerTap.Said said) {
        compared.add(recording);
        assertThat(recordings.actual(said)).isEqualTo(recordings.expected(recording, met));
    }

    private String url(String module, String version) {
        return samples.modules().url(module, version);
    }

    private static String module(String name, String version) {
        return "{\"bizName\":\"%s\",\"bizVersion\":\"%s\"}".formatted(name, version);
    }

    private static String install(String name, String version, String url) {
        return with(module(name, version), "\"bizUrl\":\"" + url + "\"");
    }

    private static String with(String request, String fields) {
        return request.substring(0, request.length() - 1) + "," + fields + "}";
    }
}
