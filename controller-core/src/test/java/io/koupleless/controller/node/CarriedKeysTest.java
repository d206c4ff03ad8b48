package io.koupleless.controller.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CarriedKeysTest {
    private final CarriedKeys keys =
            new CarriedKeys(List.of("custom.koupleless.io/", "example.com/team-"));

    @ParameterizedTest
    @CsvSource({
        "custom.koupleless.io/disk, true",
        "example.com/team-a, true",
        "example.com/other, false",
        "example.com/team-, false",
        "custom.koupleless.io/, false",
        "custom.koupleless.io/-x, false",
        "custom.koupleless.io/a b, false",
        "custom.koupleless.io/a/b, false",
        "kubernetes.io/hostname, false",
        "topology.kubernetes.io/zone, false",
        "node-role.kubernetes.io/control-plane, false",
        "base.koupleless.io/name, false",
        "type, false",
        "'', false"
    })
    void onlyLegalKeysUnderAPrefixAreCarried(String key, boolean carried) {
        assertThat(keys.labels(Map.of(key, "v")).containsKey(key)).isEqualTo(carried);
        assertThat(keys.annotations(Map.of(key, "v")).containsKey(key)).isEqualTo(carried);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "team-",
                "example.com",
                "kubernetes.io/",
                "a.kubernetes.io/x",
                "k8s.io/",
                "a.k8s.io/",
                "base.koupleless.io/",
                "virtual-kubelet.koupleless.io/env",
                "module-controller.koupleless.io/",
                "Exa mple.com/"
            })
    void aPrefixHasADomainThatIsNeitherKubernetesNorOurs(String prefix) {
        assertThat(CarriedKeys.acceptable(prefix)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new CarriedKeys(List.of(prefix)));
    }

    @Test
    void valuesAreMadeLegal() {
        assertThat(keys.labels(Map.of("example.com/team-a", "-x y/" + "z".repeat(80))))
                .containsEntry("example.com/team-a", "x-y-" + "z".repeat(58));
        assertThat(keys.annotations(Map.of("example.com/team-a", "ä".repeat(2_000))))
                .containsEntry("example.com/team-a", "ä".repeat(1_024));
    }

    @Test
    void aBaseCannotFillItsNode() {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            many.put("custom.koupleless.io/k" + (1_000 + i), "v");
        }

        assertThat(keys.labels(many))
                .hasSize(CarriedKeys.MOST)
                .containsKey("custom.koupleless.io/k1000");
    }

    @Test
    void whatMattersOfAPodIsThatAndHowManyModulesItTakes() {
        assertThat(
                        keys.relevant(
                                Map.of(
                                        "example.com/team-a",
                                        "x y",
                                        "app",
                                        "base",
                                        Labels.MAX_MODULES,
                                        "3",
                                        Labels.MAX_MODULES_V1,
                                        "4")))
                .containsOnly(
                        Map.entry("example.com/team-a", "x y"),
                        Map.entry(Labels.MAX_MODULES, "3"),
                        Map.entry(Labels.MAX_MODULES_V1, "4"));
    }
}
