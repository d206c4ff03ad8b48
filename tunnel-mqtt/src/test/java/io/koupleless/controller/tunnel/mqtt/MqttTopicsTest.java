package io.koupleless.controller.tunnel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.BaseId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MqttTopicsTest {
    private final MqttTopics topics = new MqttTopics("DEV");

    @Test
    void oneFilterForEachKindOfAnswer() {
        assertThat(topics.answers())
                .containsExactly(
                        "koupleless_dev/+/base/heart",
                        "koupleless_dev/+/base/queryBaseline",
                        "koupleless_dev/+/base/health",
                        "koupleless_dev/+/base/simpleBiz",
                        "koupleless_dev/+/base/biz",
                        "koupleless_dev/+/base/bizOperation",
                        "koupleless_dev/+/base/batchInstallBizResponse");
    }

    @Test
    void twoFiltersForRetainedCommands() {
        assertThat(topics.commands())
                .containsExactly("koupleless_dev/+/+", "koupleless_dev/+/base/baseline");
    }

    @Test
    void theIdentityIsKeptVerbatim() {
        BaseId id = new BaseId("Base-UPPER:1 é");
        assertThat(topics.command(id, "installBiz"))
                .contains("koupleless_dev/Base-UPPER:1 é/installBiz");
        assertThat(topics.read("koupleless_dev/Base-UPPER:1 é/base/heart"))
                .contains(new MqttTopics.Said(id, "heart"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a+", "#", "a\0b"})
    void anIdentityThatIsNoLevelHasNoTopic(String identity) {
        assertThat(topics.command(new BaseId(identity), "health")).isEmpty();
    }

    @Test
    void anIdentityThatIsTooLongHasNoTopic() {
        assertThat(topics.command(new BaseId("é".repeat(32_768)), "health")).isEmpty();
        assertThat(topics.command(new BaseId("b".repeat(300)), "health")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "koupleless_dev//base/heart",
                "koupleless_dev/ /base/heart",
                "koupleless_dev/b/base/unknown",
                "koupleless_dev/b/heart",
                "koupleless_dev/b/c/base/heart",
                "koupleless_DEV/b/base/heart",
                "koupleless_test/b/base/heart",
                "koupleless_dev/",
                "koupleless_dev",
                "",
                "elsewhere/b/base/heart"
            })
    void otherTopicsAreNobodys(String topic) {
        assertThat(topics.read(topic)).isEmpty();
    }

    @Test
    void commandsAreToldFromAnswers() {
        assertThat(topics.isCommand("koupleless_dev/b/installBiz")).isTrue();
        assertThat(topics.isCommand("koupleless_dev/b/base/baseline")).isTrue();
        assertThat(topics.isCommand("koupleless_dev/b/base/heart")).isFalse();
        assertThat(topics.isCommand("koupleless_test/b/installBiz")).isFalse();
    }
}
