package io.koupleless.controller.base;

import java.util.Objects;

/**
 * The identity of a base exactly as it sends it ({@code baseMetadata.identity}); MQTT topics are
 * case-sensitive, so it is kept verbatim.
 *
 * @param value any text; whether a Node can be named after it is decided by {@code NodeName}
 */
public record BaseId(String value) implements Comparable<BaseId> {
    public BaseId {
        Objects.requireNonNull(value);
        if (value.isBlank()) {
            throw new IllegalArgumentException("a base identity must not be blank");
        }
    }

    @Override
    public int compareTo(BaseId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
