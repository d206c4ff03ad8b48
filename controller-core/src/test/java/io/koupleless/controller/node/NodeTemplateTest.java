package io.koupleless.controller.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseHealth;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.base.BaseTraits;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeTemplateTest {
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00.7Z");
    private final NodeTemplate template =
            new NodeTemplate(
                    "Test",
                    new Capacity(100, 10, "4Gi", 16 << 20),
                    new CarriedKeys(List.of("example.com/")),
                    Place.UNKNOWN);

    private static BaseFacts facts(boolean ready, boolean trouble, OptionalLong most) {
        BaseHealth health =
                new BaseHealth(
                        "ACTIVATED",
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.of(1),
                        OptionalLong.of(1),
                        most,
                        OptionalLong.of(2),
                        Optional.of("17.0.15"));
        return new BaseFacts(
                new Base(new BaseId("B:1"), "de mo", "1.0", "c", "10.0.0.7", "host_7", 1238, true),
                Optional.of(health),
                "mqtt_tunnel_provider",
                new BaseFacts.Readiness(ready, "Why", ""),
                trouble,
                trouble,
                trouble,
                trouble ? "short" : "",
                trouble ? List.of("x:1") : List.of());
    }

    private NodeSpec spec(BaseFacts facts) {
        return template.spec(facts, Optional.empty(), true);
    }

    private NodeStatus status(BaseFacts facts, List<NodeCondition> before, Instant now) {
        return template.status(facts, spec(facts), before, now);
    }

    @Test
    void labelsAreOfBothGenerations() {
        NodeSpec spec = spec(facts(true, false, OptionalLong.empty()));

        assertThat(spec.labels())
                .containsEntry(Labels.BASE_NAME, "de-mo")
                .containsEntry(Labels.VNODE_NAME, "de-mo")
                .containsEntry(Labels.BASE_STACK, "java")
                .containsEntry(Labels.VNODE_TUNNEL, "mqtt_tunnel_provider")
                .containsEntry(Labels.COMPONENT, "vnode")
                .containsEntry(Labels.BASE_TUNNEL_PORT, "1238")
                .containsKey(Labels.EXCLUDE_DISRUPTION)
                .doesNotContainKey(Labels.HOST_NAME);
        assertThat(spec.annotations()).containsEntry(Labels.IDENTITY, "B:1");
    }

    @Test
    void taintsTellOfTrouble() {
        assertThat(spec(facts(true, false, OptionalLong.empty())).taints())
                .extracting(Taint::key)
                .containsExactly(Labels.TAINT_VIRTUAL_NODE, Labels.TAINT_ENV);
        assertThat(spec(facts(true, true, OptionalLong.empty())).taints())
                .extracting(Taint::key)
                .contains(Labels.TAINT_NOT_ANSWERING, Labels.TAINT_IDENTITY_CONFLICT);
    }

    @Test
    void capacityIsSaneWhenMetaspaceIsUnlimited() {
        NodeStatus limited = status(facts(true, false, OptionalLong.of(64 << 20)), List.of(), NOW);
        NodeStatus unlimited = status(facts(true, false, OptionalLong.empty()), List.of(), NOW);

        assertThat(limited.capacity())
                .containsEntry("memory", "65536Ki")
                .containsEntry("cpu", "20")
                .containsEntry("pods", "100");
        assertThat(unlimited.capacity()).containsEntry("memory", "4Gi");
        assertThat(limited.capacity()).containsEntry(Labels.METASPACE, "65536Ki");
        assertThat(limited.allocatable())
                .containsEntry("memory", "65536Ki")
                .containsEntry("pods", "100")
                .containsEntry(Labels.METASPACE, "49152Ki");
        assertThat(unlimited.allocatable()).containsEntry(Labels.METASPACE, "4177920Ki");
        assertThat(unlimited.runtimeVersion()).isEqualTo("java://17.0.15");
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "1000, 100", "0, 0"})
    void aBaseMaySayHowManyModulesItTakes(String said, String pods) {
        BaseFacts facts = facts(true, false, OptionalLong.of(8 << 20));
        BaseTraits traits = new BaseTraits(Map.of(), Map.of(Labels.MAX_MODULES, said), "", "");
        BaseFacts saying =
                new BaseFacts(
                        facts.base().with(traits),
                        facts.health(),
                        facts.tunnel(),
                        facts.readiness(),
                        false,
                        false,
                        false,
                        "",
                        List.of());

        NodeStatus status = status(saying, List.of(), NOW);

        assertThat(status.allocatable())
                .containsEntry("pods", pods)
                .as("what is reserved is more than there is")
                .containsEntry(Labels.METASPACE, "0Ki");
        assertThat(status.capacity()).containsEntry("pods", "100");
    }

    @Test
    void aConditionKeepsTheTimeOfItsTransition() {
        NodeStatus first = status(facts(true, false, OptionalLong.empty()), List.of(), NOW);
        NodeStatus later =
                status(
                        facts(false, false, OptionalLong.empty()),
                        first.conditions(),
                        NOW.plusSeconds(60));

        assertThat(time(first, NodeCondition.READY)).isEqualTo("2026-03-01T08:00:00Z");
        assertThat(time(later, NodeCondition.READY)).isEqualTo("2026-03-01T08:01:00Z");
        assertThat(time(later, "MemoryPressure")).isEqualTo("2026-03-01T08:00:00Z");
    }

    @Test
    void aConditionThatDoesNotHoldSaysWhatHoldsInstead() {
        NodeStatus status = status(facts(true, false, OptionalLong.empty()), List.of(), NOW);

        assertThat(status.conditions())
                .filteredOn(c -> c.type().equals(NodeCondition.BASE_NOT_ANSWERING))
                .singleElement()
                .satisfies(c -> {
                    assertThat(c.status()).isEqualTo("False");
                    assertThat(c.reason()).isEqualTo("CommandsAnswered");
                });
    }

    private static String time(NodeStatus status, String type) {
        return status.conditions().stream()
                .filter(c -> c.type().equals(type))
                .map(c -> c.lastTransition().toString())
                .findFirst()
                .orElseThrow();
    }
}
