package io.koupleless.controller.arklet;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One recorded message of a running base.
 *
 * @param path below the folder of all captures, e.g. {@code koupleless-2.1.6/health-response.json}
 */
record Capture(String path) {
    static final BaseId BASE = new BaseId("base-demo-0001");
    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final ArkletCodec CODEC = new ArkletCodec();

    static List<Capture> all() {
        Path root = root();
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> new Capture(root.relativize(file).toString().replace('\\', '/')))
                    .sorted((a, b) -> a.path.compareTo(b.path))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the message the way the tunnel that recorded it would. */
    TunnelEvent.OfBase decode() throws MalformedMessageException {
        return decode(payload());
    }

    /** Reads another payload in the place of the recorded one. */
    TunnelEvent.OfBase decode(byte[] payload) throws MalformedMessageException {
        if (isMqtt()) {
            String topic = json().path("topic").stringValue();
            BaseId id = new BaseId(topic.split("/")[1]);
            return CODEC.decodeMqtt(id, topic.substring(topic.indexOf("/base/") + 6), payload);
        }
        return isHeartbeat()
                ? CODEC.decodeHttpHeartbeat(payload)
                : CODEC.decodeHttp(BASE, command(), payload);
    }

    /** The bytes on the wire: an MQTT capture also records its topic, a raw one its headers. */
    byte[] payload() {
        if (isMqtt()) {
            return MAPPER.writeValueAsBytes(json().path("payload"));
        }
        if (!path.endsWith(".txt")) {
            return read(path);
        }
        String raw = text();
        String answer = raw.substring(raw.indexOf("<<<") + 3);
        String[] headersAndBody = answer.split("\\R\\R", 2);
        return headersAndBody[headersAndBody.length - 1]
                .replace("<EOF>", "")
                .getBytes(StandardCharsets.UTF_8);
    }

    String text() {
        return new String(read(path), StandardCharsets.UTF_8);
    }

    boolean isMqtt() {
        return name().startsWith("mqtt-");
    }

    boolean isRequest() {
        return name().endsWith("-request.json");
    }

    boolean isHeartbeat() {
        return name().startsWith("http-heartbeat-request-");
    }

    /** The command that the capture's name tells, about the module that its request names. */
    Command command() {
        String command = name().replaceFirst("^(http-)?(http-|default-)?", "");
        if (command.startsWith("uninstall")) {
            return new Command.Uninstall(requested());
        }
        // the list that was asked for after the failed install
        if (command.startsWith("installBiz-missing-file-after")) {
            return new Command.QueryModules();
        }
        if (command.matches("(install|batchInstall|switch|wrong-types|json-null).*")) {
            return new Command.Install(requested(), url());
        }
        return command.startsWith("queryAllBiz")
                ? new Command.QueryModules()
                : new Command.QueryHealth();
    }

    /** True when the capture is an object of texts with the same fields in the same order. */
    boolean hasFieldsOf(byte[] encoded) {
        try {
            JsonNode captured = json();
            return captured.isObject()
                    && captured.values().stream().allMatch(JsonNode::isString)
                    && List.copyOf(captured.propertyNames())
                            .equals(List.copyOf(MAPPER.readTree(encoded).propertyNames()));
        } catch (JacksonException notJson) {
            return false;
        }
    }

    private ModuleRef requested() {
        JsonNode request = request();
        return ModulesReader.ref(new WireValue(request)).orElse(new ModuleRef("unnamed", "0"));
    }

    private URI url() {
        return URI.create(request().path("bizUrl").asString("file:///unnamed.jar"));
    }

    private JsonNode request() {
        String request = path.replace("-response.json", "-request.json");
        try {
            return Files.exists(root().resolve(request))
                    ? MAPPER.readTree(read(request))
                    : MAPPER.missingNode();
        } catch (JacksonException notJson) {
            return MAPPER.missingNode();
        }
    }

    private JsonNode json() {
        return MAPPER.readTree(read(path));
    }

    private String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static byte[] read(String path) {
        try {
            return Files.readAllBytes(root().resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        try {
            return Path.of(Capture.class.getResource("/captures").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return path;
    }
}
