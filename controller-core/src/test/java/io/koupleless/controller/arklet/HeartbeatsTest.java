package io.koupleless.controller.arklet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.base.BaseTraits;
import io.koupleless.controller.tunnel.TunnelEvent.BaseSeen;
import io.koupleless.controller.tunnel.TunnelEvent.BaselineAsked;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeartbeatsTest {
    private static final BaseId ID = new BaseId("b1");
    private final ArkletCodec codec = new ArkletCodec();

    @Test
    void todaysHeartbeatOverMqtt() throws Exception {
        assertThat(
                        mqtt(
                                """
                                {"baseMetadata":{"identity":"b1","name":"n","version":"v",
                                 "clusterName":"c"},"localIP":"10.0.0.1","localHostName":"h",
                                 "port":0,"state":"activated"}\
                                """))
                .isEqualTo(new Base(ID, "n", "v", "c", "10.0.0.1", "h", 0, true));
    }

    @Test
    void httpHeartbeatOfRuntime132() throws Exception {
        assertThat(
                        http(
                                """
                                {"baseID":"b1","masterBizInfo":{"name":"n","version":"v"},
                                 "networkInfo":{"localIP":"10.0.0.1","localHostName":"h",
                                 "arkletPort":1238},"state":"ACTIVATED"}\
                                """))
                .isEqualTo(new Base(ID, "n", "v", "", "10.0.0.1", "h", 1238, true));
    }

    @Test
    void mqttHeartbeatOfRuntime131() throws Exception {
        assertThat(
                        mqtt(
                                """
                                {"masterBizInfo":{"name":"n","version":"v"},
                                 "networkInfo":{"localIP":"10.0.0.1","localHostName":"h"},
                                 "state":"activated"}\
                                """))
                .isEqualTo(new Base(ID, "n", "v", "", "10.0.0.1", "h", 0, true));
    }

    @Test
    void mqttHeartbeatOfRuntime130() throws Exception {
        assertThat(
                        mqtt(
                                """
                                {"masterBizInfo":{"bizName":"n","bizVersion":"v",
                                 "bizState":"ACTIVATED"},"networkInfo":{"localIP":"10.0.0.1"}}\
                                """))
                .isEqualTo(new Base(ID, "n", "v", "", "10.0.0.1", "", 0, true));
    }

    @Test
    void labelsAndAnnotationsOfTheBaseAreTakenOverEitherTransport() throws Exception {
        String heartbeat =
                """
                {"baseMetadata":{"identity":"b1","labels":{"a/b":"c","n":7,"list":[1],"none":null},
                 "annotations":{"d":"e"}},"localIP":"10.0.0.1"}\
                """;
        BaseTraits traits =
                new BaseTraits(
                        Map.of("a/b", "c", "n", "7", "list", "", "none", ""),
                        Map.of("d", "e"),
                        "",
                        "");

        assertThat(mqtt(heartbeat).traits()).isEqualTo(traits);
        assertThat(http(heartbeat).traits()).isEqualTo(traits);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "[1]", "null", "\"a=b\"", "{}"})
    void labelsThatAreNoneAreNone(String labels) throws Exception {
        assertThat(
                        mqtt("{\"baseMetadata\":{\"labels\":%s},\"localIP\":\"10.0.0.1\"}"
                                        .formatted(labels))
                                .traits())
                .isEqualTo(BaseTraits.NONE);
    }

    @Test
    void tooManyOrTooLongWordsAreLeftOut() throws Exception {
        StringBuilder many = new StringBuilder("\"long\":\"" + "x".repeat(1_025) + "\"");
        for (int i = 0; i < 1_000; i++) {
            many.append(",\"k").append(i).append("\":\"v\"");
        }

        assertThat(mqtt("{\"baseMetadata\":{\"labels\":{" + many + "}}}").traits().labels())
                .hasSize(256)
                .doesNotContainKey("long");
    }

    @Test
    void unknownFieldsNullsAndWrongTypesThatDontMatterAreTolerated() throws Exception {
        assertThat(
                        http(
                                """
                                {"new":[1],"baseMetadata":{"identity":"b1","name":null,
                                 "version":2.5,"clusterName":{"a":1}},"localIP":["x"],
                                 "localHostName":true,"port":"1238"}\
                                """))
                .isEqualTo(new Base(ID, "", "2.5", "", "", "true", 1238, true));
    }

    @ParameterizedTest
    @CsvSource({
        "'', true",
        "'\"state\":null,', true",
        "'\"state\":\"activated\",', true",
        "'\"state\":\"ACTIVATED\",', true",
        "'\"state\":\"deactivated\",', false",
        "'\"state\":\"BROKEN\",', false",
    })
    void onlyAnotherStateMeansInactive(String state, boolean active) throws Exception {
        assertThat(http("{" + state + "\"baseMetadata\":{\"identity\":\"b1\"}}").active())
                .isEqualTo(active);
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "65535, 65535", "65536, 0", "1e3, 1000", "1e999, 0", "\"x\", 0", "{}, 0"})
    void aPortOutOfRangeIsUnknown(String port, int expected) throws Exception {
        assertThat(http("{\"baseMetadata\":{\"identity\":\"b1\"},\"port\":" + port + "}").port())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 10.1.2.3",
        "fd00::1, fd00::1",
        "unknown, ''",
        "host.example, ''",
        "999.1.1.1, ''"
    })
    void anAddressIsALiteral(String said, String expected) throws Exception {
        String body = "{\"baseMetadata\":{\"identity\":\"b1\"},\"localIP\":\"" + said + "\"}";

        assertThat(http(body).ip()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "9999999999999", "\"x\"", "null", "{}"})
    void theBasesClockIsNotLookedAt(String timestamp) throws Exception {
        String payload =
                "{\"publishTimestamp\":" + timestamp + ",\"data\":{\"state\":\"activated\"}}";

        assertThat(codec.decodeMqtt(ID, "heart", payload.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(BaseSeen.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"baseMetadata\":{\"identity\":\"B1\"}}",
                "{\"baseMetadata\":{\"identity\":\"\"}}",
                "{\"baseMetadata\":{\"identity\":[]}}",
                "{\"baseID\":\"b2\",\"masterBizInfo\":{}}"
            })
    void aPayloadThatNamesAnotherBaseThanItsTopicIsRefused(String data) {
        assertThatThrownBy(() -> mqtt(data))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("identity differs from the topic");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"baseMetadata\":null}",
                "{\"baseMetadata\":\"b1\"}",
                "{\"baseMetadata\":{\"identity\":\"\"}}",
                "{\"baseMetadata\":{\"identity\":\" \"}}",
                "{\"baseMetadata\":{\"identity\":null}}",
                "{\"baseMetadata\":{\"identity\":{}}}"
            })
    void anHttpHeartbeatNeedsAnIdentity(String body) {
        assertThatThrownBy(() -> http(body))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("the heartbeat has no identity");
    }

    @Test
    void aBaselineIsAskedForByTheBaseOfTheTopic() throws Exception {
        assertThat(baseline("{\"data\":{\"identity\":\"b1\",\"name\":\"n\"}}"))
                .isEqualTo(new BaselineAsked(ID));
        assertThat(baseline("{\"data\":{\"name\":\"n\",\"version\":\"v\"}}"))
                .isEqualTo(new BaselineAsked(ID));
        assertThatThrownBy(() -> baseline("{\"data\":{\"identity\":\"b2\"}}"))
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void aBaselineOverHttpIsAskedForByTheBodysIdentity() throws Exception {
        String body =
                "{\"identity\":\"b1\",\"name\":\"n\",\"version\":\"v\",\"clusterName\":\"c\"}";

        assertThat(codec.decodeHttpBaseline(body.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new BaselineAsked(ID));
        assertThatThrownBy(() -> codec.decodeHttpBaseline("{}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("the heartbeat has no identity");
    }

    private Object baseline(String payload) throws MalformedMessageException {
        return codec.decodeMqtt(ID, "queryBaseline", payload.getBytes(StandardCharsets.UTF_8));
    }

    private Base mqtt(String data) throws MalformedMessageException {
        String payload = "{\"publishTimestamp\":1,\"data\":" + data + "}";
        return seen(codec.decodeMqtt(ID, "heart", payload.getBytes(StandardCharsets.UTF_8)));
    }

    private Base http(String body) throws MalformedMessageException {
        return seen(codec.decodeHttpHeartbeat(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static Base seen(Object event) {
        return assertThat(event).asInstanceOf(type(BaseSeen.class)).actual().seen();
    }

    @Test
    void metadataOfTheWrongTypeIsMalformedAndWipesNothing() {
        byte[] heartbeat = "{\"data\":{\"baseMetadata\":7}}".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> new ArkletCodec().decodeMqtt(new BaseId("b"), "heart", heartbeat))
                .isInstanceOf(MalformedMessageException.class);
    }
}
