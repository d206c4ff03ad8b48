package io.koupleless.controller.arklet;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.base.BaseTraits;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads heartbeats of runtimes since 1.3.0: today's has {@code baseMetadata}, {@code localIP},
 * {@code localHostName} and {@code port}; those before 1.3.3 have {@code baseID}, {@code
 * masterBizInfo} and {@code networkInfo} instead.
 */
final class HeartbeatReader {
    private static final int MAX_PORT = 65_535;
    private static final int MOST_WORDS = 256;
    private static final int LONGEST_WORD = 1_024;

    private HeartbeatReader() {}

    /** Over MQTT the topic names the base; a payload that names another is refused. */
    static Base ofTopic(BaseId id, WireValue heartbeat) throws MalformedMessageException {
        if (!heartbeat.isObject()) {
            throw new MalformedMessageException("the heartbeat has no data");
        }
        checkIdentity(id, heartbeat);
        return base(id, heartbeat);
    }

    static Base ofBody(WireValue heartbeat) throws MalformedMessageException {
        return base(identityOf(heartbeat), heartbeat);
    }

    static BaseId identityOf(WireValue said) throws MalformedMessageException {
        String identity = identity(said).asText();
        if (identity.isBlank()) {
            throw new MalformedMessageException("the heartbeat has no identity");
        }
        return new BaseId(identity);
    }

    static void checkIdentity(BaseId id, WireValue data) throws MalformedMessageException {
        WireValue identity = identity(data);
        if (identity.isPresent() && !identity.asText().equals(id.value())) {
            throw new MalformedMessageException("identity differs from the topic");
        }
    }

    /** A heartbeat nests the identity in its metadata, {@code queryBaseline} is the metadata. */
    private static WireValue identity(WireValue data) {
        WireValue nested = data.get("baseMetadata").get("identity");
        if (nested.isPresent()) {
            return nested;
        }
        WireValue flat = data.get("identity");
        return flat.isPresent() ? flat : data.get("baseID");
    }

    private static Base base(BaseId id, WireValue heartbeat) throws MalformedMessageException {
        boolean today = heartbeat.get("baseMetadata").isPresent();
        WireValue metadata = heartbeat.get(today ? "baseMetadata" : "masterBizInfo");
        if (metadata.isPresent() && !metadata.isObject()) {
            // Read as nothing, it would wipe the name and version that Pods select the base by.
            throw new MalformedMessageException("the heartbeat's metadata is no object");
        }
        WireValue network = today ? heartbeat : heartbeat.get("networkInfo");
        return new Base(
                id,
                metadata.text("name", "bizName"),
                metadata.text("version", "bizVersion"),
                metadata.text("clusterName"),
                ip(network.text("localIP")),
                network.text("localHostName"),
                port(network, today ? "port" : "arkletPort"),
                active(heartbeat.text("state")),
                new BaseTraits(
                        texts(metadata.get("labels")), texts(metadata.get("annotations")), "", ""));
    }

    /** Fields of our own invention: today's arklet sends neither. Too much of them is left out. */
    private static Map<String, String> texts(WireValue map) {
        Map<String, String> texts = new HashMap<>();
        map.fields((key, value) -> {
            String text = value.asText();
            if (texts.size() < MOST_WORDS
                    && key.length() <= LONGEST_WORD
                    && text.length() <= LONGEST_WORD) {
                texts.put(key, text);
            }
        });
        return texts;
    }

    /** A base without a network address says {@code unknown}. */
    private static String ip(String said) {
        try {
            InetAddress.ofLiteral(said);
            return said;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static int port(WireValue network, String field) {
        long port = network.count(field).orElse(0);
        return port > MAX_PORT ? 0 : (int) port;
    }

    private static boolean active(String state) {
        return state.isEmpty() || state.equalsIgnoreCase("activated");
    }
}
