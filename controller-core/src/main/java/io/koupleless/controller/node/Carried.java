package io.koupleless.controller.node;

import io.koupleless.controller.base.BaseTraits;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a Node carries because of its base: words of the base's own, where it is, how many modules
 * it takes. The Node itself remembers which keys these are, so that one that goes is removed and
 * nobody else's ever is.
 *
 * @param annotations with those that remember
 * @param obsoleteLabels on the Node from earlier, to be removed
 * @param obsoleteAnnotations the same
 */
record Carried(
        SortedMap<String, String> labels,
        SortedMap<String, String> annotations,
        Set<String> obsoleteLabels,
        Set<String> obsoleteAnnotations) {

    private static final Set<String> OF_OURS =
            Set.of(Labels.ZONE, Labels.REGION, Labels.MAX_MODULES);

    /**
     * @param keys that a base may have carried
     * @param place zone and region of a base of which nobody knows them
     * @param before the Node as it stands
     * @param settled everybody who knows the base has had the time to tell; until then what the
     *     Node carries stays
     */
    static Carried of(
            BaseTraits traits,
            CarriedKeys keys,
            Place place,
            Optional<ObservedNode> before,
            boolean settled) {
        Map<String, String> labelsNow = before.map(ObservedNode::labels).orElse(Map.of());
        Map<String, String> annotationsNow = before.map(ObservedNode::annotations).orElse(Map.of());
        SortedMap<String, String> oldLabels =
                remembered(annotationsNow.get(Labels.CARRIED_LABELS), labelsNow);
        SortedMap<String, String> oldAnnotations =
                remembered(annotationsNow.get(Labels.CARRIED_ANNOTATIONS), annotationsNow);

        SortedMap<String, String> labels = keys.labels(traits.labels());
        put(labels, Labels.ZONE, LabelValue.of(traits.zone()));
        put(labels, Labels.REGION, LabelValue.of(traits.region()));
        SortedMap<String, String> annotations = keys.annotations(traits.annotations());
        put(annotations, Labels.MAX_MODULES, maxModules(traits));
        if (!settled) {
            oldLabels.forEach(labels::putIfAbsent);
            oldAnnotations.forEach(annotations::putIfAbsent);
        }
        labels.putIfAbsent(Labels.ZONE, LabelValue.of(place.zone()));
        labels.putIfAbsent(Labels.REGION, LabelValue.of(place.region()));
        labels.values().removeIf(String::isEmpty);

        Set<String> obsoleteLabels = new HashSet<>(oldLabels.keySet());
        obsoleteLabels.removeAll(labels.keySet());
        Set<String> obsoleteAnnotations = new HashSet<>(oldAnnotations.keySet());
        obsoleteAnnotations.removeAll(annotations.keySet());
        Map<String, String> memory =
                Map.of(
                        Labels.CARRIED_LABELS, String.join(",", labels.keySet()),
                        Labels.CARRIED_ANNOTATIONS, String.join(",", annotations.keySet()));
        memory.forEach((key, value) -> {
            put(annotations, key, value);
            if (value.isEmpty() && annotationsNow.containsKey(key)) {
                obsoleteAnnotations.add(key);
            }
        });
        return new Carried(labels, annotations, obsoleteLabels, obsoleteAnnotations);
    }

    /** Whoever edits the memory cannot have other keys removed. */
    private static SortedMap<String, String> remembered(
            @Nullable String keys, Map<String, String> now) {
        SortedMap<String, String> remembered = new TreeMap<>();
        Stream.of(keys == null ? new String[0] : keys.split(","))
                .filter(key -> OF_OURS.contains(key) || CarriedKeys.free(key))
                .filter(now::containsKey)
                .forEach(key -> remembered.put(key, now.getOrDefault(key, "")));
        return remembered;
    }

    private static void put(SortedMap<String, String> map, String key, String value) {
        if (!value.isEmpty()) {
            map.put(key, value);
        }
    }

    /** The empty text when the base does not say, or says nonsense. */
    private static String maxModules(BaseTraits traits) {
        return Stream.of(Labels.MAX_MODULES, Labels.MAX_MODULES_V1)
                .flatMap(key -> Stream.of(traits.annotations().get(key), traits.labels().get(key)))
                .filter(text -> text != null && text.strip().matches("[0-9]{1,6}"))
                .map(text -> Integer.toString(Integer.parseInt(text.strip())))
                .findFirst()
                .orElse("");
    }
}
