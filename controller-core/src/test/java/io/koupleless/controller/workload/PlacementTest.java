package io.koupleless.controller.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.node.Taint;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As Kubernetes documents it under "Assigning Pods to Nodes" and "Taints and Tolerations". */
class PlacementTest {
    private static final NodeShape NODE =
            new NodeShape(
                    "vnode.a.test",
                    Map.of("zone", "z1", "disk", "ssd", "cores", "8", "word", "many", "none", ""),
                    List.of(),
                    false);

    private static Placement selecting(Map<String, String> selector) {
        return new Placement("", selector, Optional.empty(), List.of());
    }

    private static Placement requiring(NodeTerm... terms) {
        return new Placement("", Map.of(), Optional.of(List.of(terms)), List.of());
    }

    private static Placement tolerating(Toleration... tolerations) {
        return new Placement("", Map.of(), Optional.empty(), List.of(tolerations));
    }

    private static NodeTerm labels(NodeRequirement... expressions) {
        return new NodeTerm(List.of(expressions), List.of());
    }

    private static NodeRequirement requirement(String key, String operator, String... values) {
        return new NodeRequirement(key, operator, List.of(values));
    }

    private static NodeShape with(boolean unschedulable, Taint... taints) {
        return new NodeShape(NODE.name(), NODE.labels(), List.of(taints), unschedulable);
    }

    @Test
    void whatSaysNothingFitsEverywhere() {
        assertThat(selecting(Map.of()).mayCome(NODE)).isTrue();
    }

    @Test
    void aNodeNameIsTheOnlyNode() {
        Placement here = new Placement(NODE.name(), Map.of(), Optional.empty(), List.of());
        Placement there = new Placement("vnode.b.test", Map.of(), Optional.empty(), List.of());

        assertThat(here.mayCome(NODE)).isTrue();
        assertThat(there.mayCome(NODE)).isFalse();
    }

    @Test
    void everyLabelOfANodeSelectorIsNeeded() {
        assertThat(selecting(Map.of("zone", "z1", "disk", "ssd")).selects(NODE)).isTrue();
        assertThat(selecting(Map.of("zone", "z1", "disk", "hdd")).selects(NODE)).isFalse();
        assertThat(selecting(Map.of("rack", "r1")).selects(NODE)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "zone, In, z1|z2, true",
        "zone, In, z2|z3, false",
        "rack, In, r1, false",
        "zone, NotIn, z2|z3, true",
        "zone, NotIn, z1|z2, false",
        "rack, NotIn, r1, true",
        "zone, Exists, '', true",
        "none, Exists, '', true",
        "rack, Exists, '', false",
        "zone, DoesNotExist, '', false",
        "rack, DoesNotExist, '', true",
        "cores, Gt, 7, true",
        "cores, Gt, 8, false",
        "cores, Lt, 9, true",
        "cores, Lt, 8, false",
        "rack, Gt, 1, false",
        "rack, Lt, 1, false",
        "word, Gt, 1, false",
        "word, Lt, 1, false",
        "cores, Gt, few, false",
        "cores, Gt, 1|2, false",
        "zone, in, z1, false",
        "zone, Near, z1, false",
    })
    void operators(String key, String operator, String values, boolean met) {
        String[] all =
                Arrays.stream(values.split("\\|")).filter(v -> !v.isEmpty()).toArray(String[]::new);

        assertThat(requiring(labels(requirement(key, operator, all))).selects(NODE)).isEqualTo(met);
    }

    @ParameterizedTest
    @CsvSource({
        "metadata.name, In, vnode.a.test, true",
        "metadata.name, In, vnode.b.test, false",
        "metadata.name, NotIn, vnode.a.test, false",
        "metadata.name, NotIn, vnode.b.test, true",
        "metadata.uid, In, vnode.a.test, false",
    })
    void fields(String field, String operator, String value, boolean met) {
        NodeTerm term = new NodeTerm(List.of(), List.of(requirement(field, operator, value)));

        assertThat(requiring(term).selects(NODE)).isEqualTo(met);
    }

    @Test
    void allOfATermIsNeededAndOneTermIsEnough() {
        NodeRequirement met = requirement("zone", "In", "z1");
        NodeRequirement unmet = requirement("zone", "In", "z2");

        assertThat(requiring(labels(met, unmet)).selects(NODE)).isFalse();
        assertThat(requiring(labels(unmet), labels(met)).selects(NODE)).isTrue();
        assertThat(requiring(new NodeTerm(List.of(met), List.of(unmet))).selects(NODE)).isFalse();
    }

    @Test
    void anEmptyTermAndNoTermAtAllFitNowhere() {
        assertThat(requiring(labels()).selects(NODE)).isFalse();
        assertThat(requiring().selects(NODE)).isFalse();
    }

    @Test
    void selectorAndAffinityAreBothNeeded() {
        Placement both =
                new Placement(
                        "",
                        Map.of("zone", "z1"),
                        Optional.of(List.of(labels(requirement("disk", "In", "hdd")))),
                        List.of());

        assertThat(both.selects(NODE)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "k, Equal, v, NoSchedule, true",
        "k, '', v, NoSchedule, true",
        "k, Equal, v, '', true",
        "k, Equal, w, NoSchedule, false",
        "k, Equal, v, NoExecute, false",
        "l, Equal, v, NoSchedule, false",
        "k, Exists, '', NoSchedule, true",
        "k, Exists, '', '', true",
        "l, Exists, '', '', false",
        "'', Exists, '', '', true",
        "'', Exists, '', NoExecute, false",
        "'', Equal, v, '', false",
        "k, Gt, v, NoSchedule, false",
    })
    void tolerations(String key, String operator, String value, String effect, boolean tolerated) {
        NodeShape tainted = with(false, new Taint("k", "v", "NoSchedule"));

        assertThat(tolerating(new Toleration(key, operator, value, effect)).mayCome(tainted))
                .isEqualTo(tolerated);
    }

    @ParameterizedTest
    @CsvSource({
        "NoSchedule, false, true",
        "NoExecute, false, false",
        "PreferNoSchedule, true, true",
    })
    void effects(String effect, boolean mayCome, boolean mayStay) {
        NodeShape tainted = with(false, new Taint("k", "v", effect));

        assertThat(tolerating().mayCome(tainted)).isEqualTo(mayCome);
        assertThat(tolerating().mayStay(tainted)).isEqualTo(mayStay);
    }

    @Test
    void everyTaintHasToBeTolerated() {
        NodeShape twice =
                with(false, new Taint("k", "v", "NoSchedule"), new Taint("l", "", "NoExecute"));

        assertThat(tolerating(new Toleration("k", "Exists", "", "")).mayCome(twice)).isFalse();
        assertThat(
                        tolerating(
                                        new Toleration("k", "Exists", "", ""),
                                        new Toleration("l", "Exists", "", ""))
                                .mayCome(twice))
                .isTrue();
    }

    @Test
    void aCordonedNodeTakesOnlyWhatToleratesThat() {
        NodeShape cordoned = with(true);
        Toleration unschedulable =
                new Toleration("node.kubernetes.io/unschedulable", "Exists", "", "NoSchedule");

        assertThat(tolerating().mayCome(cordoned)).isFalse();
        assertThat(tolerating().mayStay(cordoned)).isTrue();
        assertThat(tolerating(unschedulable).mayCome(cordoned)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "not-ready, NoExecute, true",
        "unreachable, NoExecute, true",
        "memory-pressure, NoSchedule, true",
        "disk-pressure, NoSchedule, true",
        "pid-pressure, NoSchedule, true",
        "unschedulable, NoSchedule, true",
        "network-unavailable, NoSchedule, false",
        "out-of-service, NoExecute, false",
    })
    void daemonsTolerateWhatTheirControllerGivesThem(String key, String effect, boolean tolerated) {
        NodeShape tainted = with(false, new Taint("node.kubernetes.io/" + key, "", effect));

        assertThat(tolerating().ofDaemon().mayCome(tainted)).isEqualTo(tolerated);
        assertThat(tolerating().mayCome(tainted)).isFalse();
    }
}
