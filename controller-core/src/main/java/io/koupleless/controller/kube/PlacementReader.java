package io.koupleless.controller.kube;

import static io.koupleless.controller.kube.PodReader.list;
import static io.koupleless.controller.kube.PodReader.text;

import io.koupleless.controller.workload.NodeRequirement;
import io.koupleless.controller.workload.NodeTerm;
import io.koupleless.controller.workload.Placement;
import io.koupleless.controller.workload.Toleration;
import io.kubernetes.client.openapi.models.V1Affinity;
import io.kubernetes.client.openapi.models.V1NodeAffinity;
import io.kubernetes.client.openapi.models.V1NodeSelector;
import io.kubernetes.client.openapi.models.V1NodeSelectorRequirement;
import io.kubernetes.client.openapi.models.V1NodeSelectorTerm;
import io.kubernetes.client.openapi.models.V1PodSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads from a Pod's spec on which Nodes it may be. */
final class PlacementReader {
    private PlacementReader() {}

    static Placement read(V1PodSpec spec) {
        return new Placement(
                text(spec.getNodeName()),
                Objects.requireNonNullElse(spec.getNodeSelector(), Map.of()),
                Optional.ofNullable(spec.getAffinity())
                        .map(V1Affinity::getNodeAffinity)
                        .map(V1NodeAffinity::getRequiredDuringSchedulingIgnoredDuringExecution)
                        .map(V1NodeSelector::getNodeSelectorTerms)
                        .map(terms -> terms.stream().map(PlacementReader::term).toList()),
                list(spec.getTolerations()).stream()
                        .map(t ->
                                new Toleration(
                                        text(t.getKey()),
                                        text(t.getOperator()),
                                        text(t.getValue()),
                                        text(t.getEffect())))
                        .toList());
    }

    private static NodeTerm term(V1NodeSelectorTerm term) {
        return new NodeTerm(
                requirements(list(term.getMatchExpressions())),
                requirements(list(term.getMatchFields())));
    }

    private static List<NodeRequirement> requirements(List<V1NodeSelectorRequirement> said) {
        return said.stream()
                .map(r ->
                        new NodeRequirement(
                                text(r.getKey()), text(r.getOperator()), list(r.getValues())))
                .toList();
    }
}
