package io.koupleless.controller.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.BaseId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeNameTest {
    @ParameterizedTest
    @CsvSource({
        "base-1, test, vnode.base-1.test",
        "10.0.0.1, TEST, vnode.10.0.0.1.test",
        "2001:db8::1, dev, vnode.2001-db8--1.dev"
    })
    void namesTheNode(String identity, String env, String name) {
        assertThat(NodeName.of(new BaseId(identity), env)).contains(new NodeName(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Base", "a/b", "a_b", "-a", "a-", "a..b", "ä", "a b"})
    void refusesWhatIsNoSubdomain(String identity) {
        assertThat(NodeName.of(new BaseId(identity), "test")).isEmpty();
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThat(NodeName.of(new BaseId("a".repeat(242)), "test")).isPresent();
        assertThat(NodeName.of(new BaseId("a".repeat(243)), "test")).isEmpty();
    }
}
