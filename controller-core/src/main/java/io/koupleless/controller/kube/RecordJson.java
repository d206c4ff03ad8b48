package io.koupleless.controller.kube;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A record as text, form 1; fields that we do not know are passed over, so that a later release may
 * add some.
 */
final class RecordJson {
    private static final int VERSION = 1;

    private RecordJson() {}

    static String write(BaseRecord record) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", VERSION).put("generation", record.generation());
        record.processStart().ifPresent(start -> json.put("processStart", start.toString()));
        var modules = json.putArray("modules");
        record.modules().values().forEach(entry -> modules.add(entry(entry)));
        return json.toString();
    }

    private static ObjectNode entry(ModuleEntry entry) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("module", ref(entry.ref()));
        json.set("installed", ref(entry.installed()));
        json.put("state", entry.state().name().toLowerCase(Locale.ROOT));
        json.putObject("owner")
                .put("namespace", entry.owner().namespace())
                .put("name", entry.owner().name())
                .put("uid", entry.owner().uid());
        json.put("revision", entry.revision());
        json.put("urlHash", entry.urlHash());
        return json.put("sentAt", entry.sentAt().toString());
    }

    private static ObjectNode ref(ModuleRef ref) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", ref.name())
                .put("version", ref.version());
    }

    /** Empty when the text is none of ours, or of a form that came later. */
    static Optional<BaseRecord> read(String text) {
        try {
            JsonNode json = JsonMapper.shared().readTree(text);
            if (json.path("version").asInt(0) != VERSION) {
                return Optional.empty();
            }
            Map<ModuleRef, ModuleEntry> modules = new TreeMap<>();
            json.required("modules")
                    .forEach(one -> {
                        ModuleEntry entry = entry(one);
                        modules.put(entry.ref(), entry);
                    });
            Optional<Instant> start =
                    Optional.ofNullable(json.get("processStart"))
                            .map(node -> Instant.parse(node.stringValue()));
            return Optional.of(
                    new BaseRecord(json.required("generation").intValue(), start, modules));
        } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ModuleEntry entry(JsonNode json) {
        return new ModuleEntry(
                ref(json.required("module")),
                ref(json.required("installed")),
                EntryState.valueOf(text(json, "state").toUpperCase(Locale.ROOT)),
                owner(json.required("owner")),
                text(json, "revision"),
                text(json, "urlHash"),
                Instant.parse(text(json, "sentAt")));
    }

    private static PodRef owner(JsonNode json) {
        return new PodRef(text(json, "namespace"), text(json, "name"), text(json, "uid"));
    }

    private static ModuleRef ref(JsonNode json) {
        return new ModuleRef(text(json, "name"), text(json, "version"));
    }

    private static String text(JsonNode json, String field) {
        return json.required(field).stringValue();
    }
}
