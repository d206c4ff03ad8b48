package io.koupleless.controller.workload;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One expression over a label, or a field, of a Node.
 *
 * @param operator as Kubernetes spells it; one that nobody knows is met by no Node
 */
public record NodeRequirement(String key, String operator, List<String> values) {
    public NodeRequirement {
        values = List.copyOf(values);
    }

    /**
     * @param actual null when the Node has none
     */
    boolean isMetBy(@Nullable String actual) {
        return switch (operator) {
            case "In" -> actual != null && values.contains(actual);
            case "NotIn" -> actual == null || !values.contains(actual);
            case "Exists" -> actual != null;
            case "DoesNotExist" -> actual == null;
            case "Gt" -> compared(actual) > 0;
            case "Lt" -> compared(actual) < 0;
            default -> false;
        };
    }

    /** 0 also when one of the two is no whole number: then neither operator is met. */
    private int compared(@Nullable String actual) {
        OptionalLong left = number(actual);
        OptionalLong right = values.size() == 1 ? number(values.getFirst()) : OptionalLong.empty();
        return left.isPresent() && right.isPresent()
                ? Long.compare(left.getAsLong(), right.getAsLong())
                : 0;
    }

    private static OptionalLong number(@Nullable String text) {
        try {
            return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
