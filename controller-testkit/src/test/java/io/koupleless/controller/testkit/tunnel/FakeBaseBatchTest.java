package io.koupleless.controller.testkit.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.module.ModuleState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A fake base answers batches field by field as a base of 2.1.11 was recorded to do; only times,
 * sizes, the names of directories and the frames of stack traces are not compared.
 */
class FakeBaseBatchTest {
    private static final Path RECORDINGS =
            Path.of("../controller-core/src/test/resources/captures/koupleless-2.1.11");
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Set<String> MEASURED =
            Set.of("changeTime", "publishTimestamp", "elapsedSpace");
    private static final String BIZ1 = item("biz1", "file:///modules/biz1-1.0.0-ark-biz.jar");
    private static final String BIZ2 = item("biz2", "file:///modules/biz2-1.0.0-ark-biz.jar");
    private static final String BAD_JAR = "file:///modules/bizbad-1.0.0-ark-biz.jar";
    private static final String BAD = item("bizbad", BAD_JAR);
    private static final String MISSING = item("biz1", "file:///nope/x.jar");

    private final FakeBase base =
            FakeBase.of("base-demo-0001")
                    .install(
                            BAD_JAR,
                            new InstallBehaviour.FailsToStart(Duration.ZERO, "no database"))
                    .install(
                            "file:///nope/x.jar",
                            new InstallBehaviour.CannotBePulled(
                                    "java.io.FileNotFoundException: /nope/x.jar"
                                            + " (No such file or directory)"));

    private static String item(String name, String url) {
        return "{\"bizName\":\"%s\",\"bizVersion\":\"1.0.0\",\"bizUrl\":\"%s\"}"
                .formatted(name, url);
    }

    @Test
    void aBaselineIsInstalledAndAnsweredForEachModule() {
        base.install(BAD_JAR, InstallBehaviour.starts());

        assertThat(baseline(BIZ2, BAD)).isEqualTo(published("baseline-ok"));
        assertThat(installed()).containsExactly("biz2", "bizbad");
    }

    @Test
    void anEmptyBaselineIsAnswered() {
        assertThat(baseline()).isEqualTo(published("baseline-empty"));
    }

    @Test
    void modulesThatAreThereAreRepeats() {
        baseline(BIZ2);

        assertThat(baseline(BIZ2)).isEqualTo(published("baseline-repeat"));
        assertThat(answer("baseline", "[" + BIZ2 + "]"))
                .isEqualTo(published("baseline-on-short-topic"));
    }

    @Test
    void aModuleThatDoesNotStartKeepsNoOtherOut() {
        assertThat(baseline(BAD, BIZ2)).isEqualTo(published("baseline-one-start-fails"));
        assertThat(installed()).containsExactly("biz2");
    }

    @Test
    void aJarThatCannotBeHadKeepsAllOut() {
        assertThat(baseline(BIZ2, MISSING)).isEqualTo(published("baseline-missing-file"));
        assertThat(base.modules()).isEmpty();
    }

    @Test
    void overHttpTheAnswersAreThoseOfTheRecordings() {
        try (HttpFakeBases bases = HttpFakeBases.open()) {
            bases.join(base);

            assertAnsweredAsRecorded(bases, "batchInstallBiz-empty-list");
            assertAnsweredAsRecorded(bases, "batchInstallBiz-one-missing-file");
            assertThat(base.modules()).isEmpty();
            assertAnsweredAsRecorded(bases, "batchInstallBiz-one-start-fails");
            assertThat(installed()).containsExactly("biz1");
            base.restart();
            assertAnsweredAsRecorded(bases, "batchInstallBiz-ok");
            assertAnsweredAsRecorded(bases, "batchInstallBiz-repeat");
            assertAnsweredAsRecorded(bases, "help");
        }
    }

    @Test
    void anOlderRuntimeNeitherListsNorKnowsBatches() {
        try (HttpFakeBases bases = HttpFakeBases.open()) {
            bases.join(base, ArkletRuntime.BEFORE_IDENTITIES);
            Path older = RECORDINGS.resolveSibling("koupleless-2.1.6");

            assertThat(post(bases, "help", "{}"))
                    .isEqualTo(comparable(read(older.resolve("help-response.json"))));
            assertThat(post(bases, "batchInstallBiz", "{\"bizList\":[" + BIZ1 + "]}"))
                    .isEqualTo(comparable(read(older.resolve("batchInstallBiz-ok-response.json"))));
            assertThat(base.modules()).isEmpty();
        }
    }

    @Test
    void ofTwoWithOneUrlOneIsLeft() {
        JsonNode answer = baseline(BIZ1, BIZ1.replace("biz1\"", "other\""));

        assertThat(answer.at("/data/response/data/bizUrlToResponse").properties()).hasSize(1);
        assertThat(base.modules()).hasSize(1);
    }

    @Test
    void twoBatchesAtOnceExcludeEachOtherButASingleInstallIsLetIn() {
        List<WireMessage> answers = new ArrayList<>();
        base.install(
                "file:///modules/biz1-1.0.0-ark-biz.jar",
                new InstallBehaviour.Starts(Duration.ofMillis(200)));

        base.handle("base/baseline", bytes("[" + BIZ1 + "," + BIZ2 + "]"), answers::add);
        base.handle("base/baseline", bytes("[" + BIZ2 + "]"), answers::add);
        base.handle("installBiz", bytes(BIZ1), answers::add);

        assertThat(answers).hasSize(2);
        assertThat(said(answers.getFirst()).at("/data/response/message").asString())
                .contains("conflict");
        assertThat(said(answers.getLast()).at("/data/response/data/code").asString())
                .isEqualTo("REPEAT_BIZ");
        Awaitility.await().until(() -> answers.size() == 3);
        assertThat(said(answers.getLast()).at("/data/response/code").asString())
                .isEqualTo("SUCCESS");
        assertThat(base.modules())
                .extracting(FakeModule::state)
                .containsOnly(ModuleState.ACTIVATED);
    }

    @Test
    void aBatchOfAnEndedProcessIsNeverAnsweredAndKeepsNoOtherOut() {
        List<WireMessage> answers = new ArrayList<>();
        base.install("file:///hangs.jar", new InstallBehaviour.Hangs());
        base.handle(
                "base/baseline",
                bytes("[" + item("slow", "file:///hangs.jar") + "," + BIZ1 + "]"),
                answers::add);
        assertThat(base.modules()).isEmpty();

        base.restart();

        assertThat(answers).isEmpty();
        base.install(BAD_JAR, InstallBehaviour.starts());
        assertThat(baseline(BIZ2, BAD)).isEqualTo(published("baseline-ok"));
    }

    private List<String> installed() {
        return base.modules().stream().map(module -> module.ref().name()).toList();
    }

    private JsonNode baseline(String... items) {
        return answer("base/baseline", "[" + String.join(",", items) + "]");
    }

    private JsonNode answer(String topic, String payload) {
        List<WireMessage> answers = new ArrayList<>();
        base.handle(topic, bytes(payload), answers::add);
        assertThat(answers)
                .extracting(WireMessage::topic)
                .containsExactly("batchInstallBizResponse");
        return comparable(said(answers.getFirst()));
    }

    private static JsonNode said(WireMessage message) {
        return JSON.readTree(message.payload());
    }

    private static JsonNode published(String recording) {
        JsonNode message = read(RECORDINGS.resolve("mqtt-" + recording + ".json"));
        assertThat(message.at("/topic").asString()).endsWith("/base/batchInstallBizResponse");
        return comparable(message.at("/payload"));
    }

    private void assertAnsweredAsRecorded(HttpFakeBases bases, String recording) {
        String request = read(RECORDINGS.resolve("http-" + recording + "-request.json")).toString();
        String command = recording.replaceFirst("-.*", "");
        assertThat(post(bases, command, request))
                .as(recording)
                .isEqualTo(
                        comparable(
                                read(RECORDINGS.resolve("http-" + recording + "-response.json"))));
    }

    private JsonNode post(HttpFakeBases bases, String command, String body) {
        BaseAddress address = bases.address(base);
        URI uri = URI.create("http://" + address.ip() + ":" + address.port() + "/" + command);
        HttpRequest request =
                HttpRequest.newBuilder(uri)
                        .version(HttpClient.Version.HTTP_1_1)
                        .timeout(Duration.ofSeconds(10))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return comparable(
                    JSON.readTree(
                            client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode comparable(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = JSON.createObjectNode();
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                JsonNode value = field.getValue();
                boolean measured = MEASURED.contains(field.getKey()) && value.isNumber();
                copy.set(
                        field.getKey(),
                        measured ? JSON.getNodeFactory().numberNode(0) : comparable(value));
            }
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = JSON.createArrayNode();
            node.valueStream().map(FakeBaseBatchTest::comparable).forEach(copy::add);
            return copy;
        }
        return node.isString()
                ? JSON.getNodeFactory().stringNode(comparable(node.stringValue()))
                : node;
    }

    private static String comparable(String text) {
        return text.lines()
                .filter(line -> !line.startsWith("\t"))
                .map(line -> line.replaceAll("-\\d{17}-unpack", "-unpack"))
                .map(line -> line.replace("BadApplication", "BizbadApplication"))
                .map(line -> line.replaceAll("cost: \\d+ ms, started at: [\\d:,]+", "cost"))
                .collect(Collectors.joining("\n"));
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
