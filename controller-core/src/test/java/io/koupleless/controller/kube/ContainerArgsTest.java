package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.vnode.Reason;
import io.kubernetes.client.openapi.models.V1Pod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerArgsTest {

    private static ModuleContainer.Wanted wanted(String args, String more) {
        String json =
                """
                {"metadata": {"name": "biz1-x", "namespace": "shop", "uid": "u1",
                   "labels": {"tier": "front"}},
                 "spec": {"nodeName": "vnode.b.test", "containers": [{"name": "biz1",
                   "image": "http://repo/biz1.jar", "args": %s, %s
                   "env": [{"name": "BIZ_VERSION", "value": "1"},
                     {"name": "A", "value": "first"},
                     {"name": "LATER", "value": "$(Z)-$(A)-$$(A)"},
                     {"name": "Z", "value": "last"},
                     {"name": "NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
                     {"name": "TIER",
                      "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['tier']"}}},
                     {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
                     {"name": "SECRET", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
                     {"name": "URL", "value": "jdbc://x?password=$(SECRET)"}]}]}}
                """
                        .formatted(args, more);
        return PodReader.read(KubeJson.lenient().fromJson(json, V1Pod.class))
                .containers()
                .getFirst()
                .wanted();
    }

    private static String arg(String arg) {
        return ((ModuleContainer.Module) wanted("[\"" + arg + "\"]", "")).args().getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "--plain, --plain",
        "--a=$(A), --a=first",
        "$(A)$(Z), firstlast",
        "--l=$(LATER), --l=$(Z)-first-$(A)",
        "$$(A), $(A)",
        "$$$(A), $first",
        "$$$$, $$",
        "$(NOWHERE), $(NOWHERE)",
        "$(A, $(A",
        "$A, $A",
        "cost: 5$, cost: 5$",
        "$(NAME)/$(TIER), biz1-x/front",
    })
    void referencesAreReplacedAsKubernetesDoesIt(String arg, String replaced) {
        assertThat(arg(arg)).isEqualTo(replaced);
    }

    @ParameterizedTest
    @CsvSource({"$(SECRET), SECRET", "$(IP), IP", "-$(URL), URL"})
    void aValueThatCannotBeReadIsNotReplacedByHalfOfIt(String arg, String variable) {
        assertThat(wanted("[\"" + arg + "\"]", ""))
                .isInstanceOfSatisfying(
                        ModuleContainer.Invalid.class,
                        invalid -> {
                            assertThat(invalid.reason()).isEqualTo(Reason.REQUEST_INVALID);
                            assertThat(invalid.message()).contains("biz1", variable);
                        });
    }

    @Test
    void whatMayComeFromAWholeConfigMapIsNotGuessed() {
        String from = "\"envFrom\": [{\"configMapRef\": {\"name\": \"c\"}}],";

        assertThat(wanted("[\"$(NOWHERE)\"]", from)).isInstanceOf(ModuleContainer.Invalid.class);
        assertThat(wanted("[\"$(A)\"]", from)).isInstanceOf(ModuleContainer.Module.class);
    }

    @Test
    void otherArgsAreAnotherModuleToTheRecordAndLabelsThatChangeAreNot() {
        ModuleContainer.Module plain = (ModuleContainer.Module) wanted("[]", "");
        ModuleContainer.Module one = (ModuleContainer.Module) wanted("[\"$(TIER)\"]", "");
        ModuleContainer.Module two = (ModuleContainer.Module) wanted("[\"x\"]", "");

        assertThat(plain.urlHash()).isEqualTo(Sha256.of("http://repo/biz1.jar"));
        assertThat(one.urlHash()).isNotEqualTo(plain.urlHash()).isNotEqualTo(two.urlHash());
        assertThat(one.args()).containsExactly("front");
    }
}
