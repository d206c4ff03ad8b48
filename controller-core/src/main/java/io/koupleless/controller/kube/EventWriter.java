package io.koupleless.controller.kube;

import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.vnode.Effect;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes Events; one that cannot be written is nobody's concern. */
final class EventWriter {
    private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);
    private static final String CONTROLLER = "koupleless.io/module-controller";
    private static final String NODE_NAMESPACE = "default";
    private static final int LONGEST_NOTE = 1024;
    private static final int LONGEST_WORD = 128;
    private static final int LONGEST_PREFIX = 50;
    private static final Pattern PREFIX_END = Pattern.compile("[^a-z0-9]+$");

    private final KubeRequests requests;
    private final String instance;
    private final Clock clock;

    EventWriter(KubeRequests requests, String instance, Clock clock) {
        this.requests = requests;
        this.instance = instance;
        this.clock = clock;
    }

    void write(NodeName node, Effect.Tell tell) {
        String namespace = tell.pod().map(pod -> pod.namespace()).orElse(NODE_NAMESPACE);
        Reply reply = requests.create(ApiPath.events(namespace), body(node, tell, namespace));
        if (!(reply instanceof Reply.Ok)) {
            LOG.atDebug()
                    .addKeyValue("node", node)
                    .addKeyValue("reason", tell.reason())
                    .addKeyValue("answer", reply)
                    .log("Event not written");
        }
    }

    private ObjectNode body(NodeName node, Effect.Tell tell, String namespace) {
        String name = tell.pod().map(pod -> pod.name()).orElse(node.value());
        // kubectl finds a Node's Events by its name in place of the uid, as kubelets write it.
        String uid = tell.pod().map(pod -> pod.uid()).orElse(node.value());
        ObjectNode event =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("apiVersion", "events.k8s.io/v1")
                        .put("kind", "Event");
        event.putObject("metadata").put("generateName", prefix(name)).put("namespace", namespace);
        ObjectNode regarding = event.putObject("regarding").put("apiVersion", "v1");
        regarding.put("kind", tell.pod().isPresent() ? "Pod" : "Node");
        tell.pod().ifPresent(pod -> regarding.put("namespace", pod.namespace()));
        regarding.put("name", name).put("uid", uid);
        return event.put("eventTime", WireTime.micros(clock.instant()))
                .put("reportingController", CONTROLLER)
                .put("reportingInstance", cut(instance, LONGEST_WORD))
                .put("action", tell.pod().isPresent() ? "ReconcileModule" : "ReconcileNode")
                .put("type", tell.warning() ? "Warning" : "Normal")
                .put("reason", cut(tell.reason(), LONGEST_WORD))
                .put("note", cut(tell.message(), LONGEST_NOTE));
    }

    /** Valid by itself, as the API server wants it. */
    static String prefix(String name) {
        String start = name.substring(0, Math.min(LONGEST_PREFIX, name.length()));
        return PREFIX_END.matcher(start).replaceAll("") + "-";
    }

    /** At most so many bytes of UTF-8: the API server counts bytes. */
    static String cut(String text, int bytes) {
        int used = 0;
        for (int i = 0; i < text.length(); ) {
            int code = text.codePointAt(i);
            used += Character.toString(code).getBytes(StandardCharsets.UTF_8).length;
            if (used > bytes) {
                return text.substring(0, i);
            }
            i += Character.charCount(code);
        }
        return text;
    }
}
