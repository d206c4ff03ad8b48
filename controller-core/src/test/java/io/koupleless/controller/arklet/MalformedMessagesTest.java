package io.koupleless.controller.arklet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a base or anybody else may send; no decoder answers with anything but a refusal. */
class MalformedMessagesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "true",
                "0",
                "\"text\"",
                "{",
                "{\"data\":",
                "{oops}",
                "{\"data\":{}}}",
                "{\"data\":{}} {\"data\":{}}",
                "{\"data\":NaN}",
                "{'data':{}}",
                "\u0000",
                "\uFEFF",
                "POST http request only supported by arklet"
            })
    void isNoJsonObject(String payload) {
        refused(payload.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void isNotUtf8() {
        refused(new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', ':', '1', '}'});
        refused(new byte[] {(byte) 0xFE, (byte) 0xFF, 0, '{'});
        refused(new byte[] {0, 0, '{', 0, 0, 0, '}', 0});
    }

    @Test
    void isNestedDeeply() {
        refused("[".repeat(100_000));
        refused("{\"data\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
        refused("{\"data\":" + "{\"data\":".repeat(100_000) + "1" + "}".repeat(100_001));
    }

    @Test
    void isGarbageOfAMebibyte() {
        byte[] garbage = new byte[1024 * 1024];
        new Random(1).nextBytes(garbage);

        refused(garbage);
        refused("x".repeat(garbage.length));
        refused("{\"data\":\"" + "x".repeat(garbage.length));
    }

    @Test
    void isHuge() {
        refused("{\"data\":\"" + "x".repeat(9 * 1024 * 1024) + "\"}");
        refused("{\"data\":[" + "{},".repeat(200_000) + "{}]}");
        refused("{\"data\":" + "9".repeat(100_000) + "}");
    }

    @Test
    void hasWrongTypesWhereItMatters() {
        assertRefused("heart", "{\"data\":[]}", "the heartbeat has no data");
        assertRefused("heart", "{}", "the heartbeat has no data");
        assertRefused("health", "{\"data\":[]}", "the answer has no code");
        assertRefused(
                "health", "{\"data\":{\"code\":\"SUCCESS\"}}", "the answer has no healthData");
        assertRefused("simpleBiz", "{\"data\":{}}", "the answer has no list of modules");
        assertRefused("bizOperation", "{\"data\":\"x\"}", "no such command");
        assertRefused("batchInstallBizResponse", "{\"data\":1}", "the batch has no response");
        assertRefused("baseline", "{\"data\":{}}", "no such answer topic");
        assertRefused("", "{\"data\":{}}", "no such answer topic");
    }

    @Test
    void aRefusalNeverRepeatsThePayload() {
        assertThat(Decoder.all())
                .allSatisfy(decoder ->
                        assertThatThrownBy(() ->
                                        decoder.decode(
                                                "{\"data\":secret}"
                                                        .getBytes(StandardCharsets.UTF_8)))
                                .hasMessageNotContaining("secret")
                                .hasNoCause());
    }

    private static void assertRefused(String topic, String payload, String message) {
        assertThatThrownBy(() ->
                        new ArkletCodec()
                                .decodeMqtt(
                                        Capture.BASE,
                                        topic,
                                        payload.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage(message);
    }

    private static void refused(String payload) {
        refused(payload.getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(byte[] payload) {
        assertThat(Decoder.all())
                .allSatisfy(decoder ->
                        assertThatThrownBy(() -> decoder.decode(payload))
                                .isInstanceOf(MalformedMessageException.class)
                                .extracting(Throwable::getMessage)
                                .asString()
                                .hasSizeBetween(1, 80));
    }
}
