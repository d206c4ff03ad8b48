package io.koupleless.controller.testkit.controlplane;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** YAML or JSON text with one or more Kubernetes objects. */
final class Documents {
    private static final YAMLMapper MAPPER = YAMLMapper.builder().build();

    private Documents() {}

    static List<JsonNode> parse(String text) {
        try (MappingIterator<JsonNode> documents =
                MAPPER.readerFor(JsonNode.class).readValues(text)) {
            return documents.readAll().stream().filter(JsonNode::isObject).toList();
        }
    }
}
