package io.koupleless.controller.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.BaseTraits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CarriedTest {
    private static final CarriedKeys KEYS = new CarriedKeys(List.of("a.b/"));

    private Map<String, String> labels = new HashMap<>();
    private Map<String, String> annotations = new HashMap<>();
    private BaseTraits traits = BaseTraits.NONE;
    private Place place = Place.UNKNOWN;
    private boolean settled = true;

    /** What the Node gets, which then is what it has. */
    private Carried carry() {
        ObservedNode node =
                new ObservedNode(
                        "n",
                        "u",
                        "1",
                        labels,
                        annotations,
                        List.of(),
                        new NodeStatus(List.of(), Map.of(), Map.of(), ""));
        Carried carried = Carried.of(traits, KEYS, place, Optional.of(node), settled);
        labels = new HashMap<>(labels);
        labels.putAll(carried.labels());
        labels.keySet().removeAll(carried.obsoleteLabels());
        annotations = new HashMap<>(annotations);
        annotations.putAll(carried.annotations());
        annotations.keySet().removeAll(carried.obsoleteAnnotations());
        return carried;
    }

    private static BaseTraits saying(Map<String, String> labels, Map<String, String> annotations) {
        return new BaseTraits(labels, annotations, "", "");
    }

    @Test
    void whatGoesIsRemovedAndWhatOthersSetStays() {
        labels.put("a.b/theirs", "x");
        annotations.put("a.b/theirs", "x");
        traits = saying(Map.of("a.b/k", "1", "a.b/l", "2"), Map.of("a.b/n", "3"));
        carry();

        assertThat(labels).containsEntry("a.b/k", "1").containsEntry("a.b/l", "2");
        assertThat(annotations)
                .containsEntry("a.b/n", "3")
                .containsEntry(Labels.CARRIED_LABELS, "a.b/k,a.b/l")
                .containsEntry(Labels.CARRIED_ANNOTATIONS, "a.b/n");

        traits = saying(Map.of("a.b/k", "9"), Map.of());
        carry();

        assertThat(labels).isEqualTo(Map.of("a.b/theirs", "x", "a.b/k", "9"));
        assertThat(annotations)
                .isEqualTo(Map.of("a.b/theirs", "x", Labels.CARRIED_LABELS, "a.b/k"));

        traits = BaseTraits.NONE;
        carry();

        assertThat(labels).isEqualTo(Map.of("a.b/theirs", "x"));
        assertThat(annotations).isEqualTo(Map.of("a.b/theirs", "x"));
        Carried again = carry();
        assertThat(again.obsoleteLabels()).isEmpty();
        assertThat(again.obsoleteAnnotations()).isEmpty();
    }

    @Test
    void nothingIsRemovedBeforeEverybodyHadTheTimeToTell() {
        traits = saying(Map.of("a.b/k", "1"), Map.of(Labels.MAX_MODULES, "5")).at("z", "r");
        carry();
        Map<String, String> before = labels;

        settled = false;
        traits = BaseTraits.NONE;
        place = new Place("elsewhere", "elsewhere");
        carry();

        assertThat(labels).isEqualTo(before);
        assertThat(annotations).containsEntry(Labels.MAX_MODULES, "5");

        settled = true;
        carry();

        assertThat(labels).isEqualTo(Map.of(Labels.ZONE, "elsewhere", Labels.REGION, "elsewhere"));
        assertThat(annotations).doesNotContainKey(Labels.MAX_MODULES);
    }

    @Test
    void wordsInTheMemoryThatAreNotOursRemoveNothing() {
        labels.put("kubernetes.io/hostname", "h");
        labels.put("type", "t");
        annotations.put(Labels.IDENTITY, "i");
        annotations.put(Labels.CARRIED_LABELS, "kubernetes.io/hostname,type, ,a.b/gone");
        annotations.put(Labels.CARRIED_ANNOTATIONS, Labels.IDENTITY);

        carry();

        assertThat(labels).isEqualTo(Map.of("kubernetes.io/hostname", "h", "type", "t"));
        assertThat(annotations).isEqualTo(Map.of(Labels.IDENTITY, "i"));
    }

    @ParameterizedTest
    @CsvSource({"'', '', d, e", "z, '', z, e", "z, r, z, r", "'a b', r, a-b, r"})
    void thePlaceOfTheBaseComesBeforeThatOfTheSettings(
            String zone, String region, String shownZone, String shownRegion) {
        place = new Place("d", "e");
        traits = BaseTraits.NONE.at(zone, region);

        carry();

        assertThat(labels)
                .containsEntry(Labels.ZONE, shownZone)
                .containsEntry(Labels.REGION, shownRegion);
    }

    @Test
    void aNodeOfAnUnknownPlaceHasNone() {
        labels.put(Labels.ZONE, "by hand");

        carry();

        assertThat(labels).isEqualTo(Map.of(Labels.ZONE, "by hand"));
    }

    @ParameterizedTest
    @CsvSource({"5, '', 5", "'', 7, 7", "5, 7, 5", "many, 7, 7", "-1, '', ''", "' 12 ', '', 12"})
    void howManyModulesItTakesIsSaidByAPlainNumber(String ours, String v1, String shown) {
        traits = saying(Map.of(Labels.MAX_MODULES_V1, v1), Map.of(Labels.MAX_MODULES, ours));

        carry();

        assertThat(annotations.getOrDefault(Labels.MAX_MODULES, "")).isEqualTo(shown);
    }
}
