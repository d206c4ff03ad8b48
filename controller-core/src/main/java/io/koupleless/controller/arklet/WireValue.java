package io.koupleless.controller.arklet;

import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One value of a message, read leniently: a field that is missing, null or of a type that cannot be
 * what is asked for is simply not there.
 */
record WireValue(JsonNode node) {
    /** A list of a thousand broken modules with a stack trace each stays below it. */
    private static final int MAX_BYTES = 8 * 1024 * 1024;

    /** Bounds the memory of the tree: a list of a thousand modules has some 20,000 tokens. */
    private static final int MAX_TOKENS = 200_000;

    private static final int MAX_DEPTH = 64;
    private static final int MAX_NUMBER_TEXT = 32;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .maxDocumentLength(MAX_BYTES)
                                                    .maxTokenCount(MAX_TOKENS)
                                                    .build())
                                    .build())
                    .build();

    /** The one JSON object that the payload must hold. */
    static WireValue object(byte[] payload) throws MalformedMessageException {
        if (payload.length == 0) {
            throw new MalformedMessageException("empty");
        }
        if (payload.length > MAX_BYTES) {
            throw new MalformedMessageException("larger than " + MAX_BYTES + " bytes");
        }
        JsonNode node;
        try {
            node = MAPPER.readTree(payload);
        } catch (JacksonException e) {
            throw new MalformedMessageException(
                    "not readable as JSON (" + e.getClass().getSimpleName() + ")");
        }
        if (!node.isObject()) {
            throw new MalformedMessageException("not a JSON object");
        }
        return new WireValue(node);
    }

    WireValue get(String field) {
        return new WireValue(node.path(field));
    }

    /** False when the field is missing or null. */
    boolean isPresent() {
        return !node.isMissingNode() && !node.isNull();
    }

    boolean isObject() {
        return node.isObject();
    }

    boolean isList() {
        return node.isArray();
    }

    /** The elements of a list, the values of an object; nothing of anything else. */
    Stream<WireValue> elements() {
        Collection<JsonNode> children = node.isContainer() ? node.values() : List.of();
        return children.stream().map(WireValue::new);
    }

    /** The fields of an object; nothing of anything else. */
    void fields(BiConsumer<String, WireValue> each) {
        if (node.isObject()) {
            node.properties().forEach(e -> each.accept(e.getKey(), new WireValue(e.getValue())));
        }
    }

    /** A text, number or boolean as text; of anything else the empty text. */
    String asText() {
        return node.isValueNode() && isPresent() ? node.asString("") : "";
    }

    /** The first of the fields that holds a text that is not blank, or the empty text. */
    String text(String... fields) {
        for (String field : fields) {
            String text = get(field).asText();
            if (!text.isBlank()) {
                return text;
            }
        }
        return "";
    }

    /** A finite number, also when written as a text. */
    OptionalDouble decimal(String field) {
        double value = asDouble(node.path(field));
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /** A whole number that is not negative, also when written as a text. */
    OptionalLong count(String field) {
        JsonNode value = node.path(field);
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue() < 0
                    ? OptionalLong.empty()
                    : OptionalLong.of(value.longValue());
        }
        double decimal = asDouble(value);
        return decimal >= 0 && decimal <= Long.MAX_VALUE
                ? OptionalLong.of((long) decimal)
                : OptionalLong.empty();
    }

    private static double asDouble(JsonNode value) {
        if (value.isNumber()) {
            return value.asDouble(Double.NaN);
        }
        if (!value.isString() || value.stringValue().length() > MAX_NUMBER_TEXT) {
            return Double.NaN;
        }
        try {
            return Double.parseDouble(value.stringValue());
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
