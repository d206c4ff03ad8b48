package io.koupleless.controller.workload;

import java.util.List;

/**
 * One of the terms of a required node affinity: all that it says has to be met.
 *
 * @param expressions over labels
 * @param fields over fields, of which Kubernetes knows {@code metadata.name} alone
 */
public record NodeTerm(List<NodeRequirement> expressions, List<NodeRequirement> fields) {
    private static final String NAME = "metadata.name";

    public NodeTerm {
        expressions = List.copyOf(expressions);
        fields = List.copyOf(fields);
    }

    /** A term that says nothing is met by no Node. */
    boolean isMetBy(NodeShape node) {
        boolean saysSomething = !expressions.isEmpty() || !fields.isEmpty();
        return saysSomething
                && expressions.stream().allMatch(e -> e.isMetBy(node.labels().get(e.key())))
                && fields.stream().allMatch(f -> f.key().equals(NAME) && f.isMetBy(node.name()));
    }
}
