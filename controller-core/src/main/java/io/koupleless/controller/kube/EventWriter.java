package io.koupleless.controller.kube;

import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.peers.PeerEffect;
import io.koupleless.controller.pod.PodOwner;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.workload.WorkloadRef;
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
    private final Sayings said = new Sayings();

    EventWriter(KubeRequests requests, String instance, Clock clock) {
        this.requests = requests;
        this.instance = instance;
        this.clock = clock;
    }

    void write(NodeName node, Effect.Words words) {
        switch (words) {
            case Effect.Tell tell -> tell(node, tell);
            case Effect.TellOwner tell -> tellOwner(node, tell);
        }
    }

    void write(PeerEffect.Tell tell) {
        WorkloadRef ref = tell.deployment().ref();
        ObjectNode event = event(ref.namespace(), tell.warning(), tell.reason(), tell.message());
        metadata(event).put("generateName", prefix(ref.name()));
        ObjectNode regarding = event.putObject("regarding");
        regarding.put("apiVersion", "apps/v1");
        regarding.put("kind", tell.deployment().kind().inKubernetes());
        regarding.put("namespace", ref.namespace());
        regarding.put("name", ref.name()).put("uid", ref.uid());
        send(ref.toString(), ref.namespace(), event.put("action", "SetReplicas"));
    }

    private void tell(NodeName node, Effect.Tell tell) {
        String namespace = tell.pod().map(PodRef::namespace).orElse(NODE_NAMESPACE);
        String name = tell.pod().map(PodRef::name).orElse(node.value());
        // kubectl finds a Node's Events by its name in place of the uid, as kubelets write it.
        String uid = tell.pod().map(PodRef::uid).orElse(node.value());
        String kind = tell.pod().isPresent() ? "Pod" : "Node";
        ObjectNode event = event(namespace, tell.warning(), tell.reason(), tell.message());
        metadata(event).put("generateName", prefix(name));
        ObjectNode regarding = event.putObject("regarding");
        regarding.put("apiVersion", "v1").put("kind", kind).put("name", name).put("uid", uid);
        tell.pod().ifPresent(pod -> regarding.put("namespace", pod.namespace()));
        send(
                node.value(),
                namespace,
                event.put("action", "Reconcile" + (kind.equals("Pod") ? "Module" : kind)));
    }

    /**
     * Its name tells what was said and of whom: a second one, of another Node, of another
     * controller or after a restart, meets the first.
     */
    private void tellOwner(NodeName node, Effect.TellOwner tell) {
        PodRef pod = tell.pod();
        PodOwner on = tell.owner().orElse(new PodOwner("v1", "Pod", pod.name(), pod.uid()));
        String saying = Sha256.of(on.uid() + tell.reason() + tell.message()).substring(0, 16);
        if (!said.add(saying)) {
            return;
        }
        ObjectNode event = event(pod.namespace(), true, tell.reason(), tell.message());
        metadata(event).put("name", prefix(on.name()) + saying);
        ObjectNode regarding = event.putObject("regarding");
        regarding.put("apiVersion", on.apiVersion()).put("kind", on.kind());
        regarding.put("namespace", pod.namespace()).put("name", on.name()).put("uid", on.uid());
        if (tell.owner().isPresent()) {
            ObjectNode related = event.putObject("related");
            related.put("apiVersion", "v1").put("kind", "Pod");
            related.put("namespace", pod.namespace()).put("name", pod.name());
            related.put("uid", pod.uid());
        }
        send(node.value(), pod.namespace(), event.put("action", "ReconcileModule"));
    }

    private void send(String about, String namespace, ObjectNode event) {
        Reply reply = requests.create(ApiPath.events(namespace), event);
        if (!(reply instanceof Reply.Ok) && !(reply instanceof Reply.Conflict)) {
            LOG.atDebug()
                    .addKeyValue("about", about)
                    .addKeyValue("reason", event.path("reason").asString(""))
                    .addKeyValue("answer", reply)
                    .log("Event not written");
        }
    }

    private ObjectNode event(String namespace, boolean warning, String reason, String message) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("apiVersion", "events.k8s.io/v1").put("kind", "Event");
        event.putObject("metadata").put("namespace", namespace);
        return event.put("eventTime", WireTime.micros(clock.instant()))
                .put("reportingController", CONTROLLER)
                .put("reportingInstance", cut(instance, LONGEST_WORD))
                .put("type", warning ? "Warning" : "Normal")
                .put("reason", cut(reason, LONGEST_WORD))
                .put("note", cut(message, LONGEST_NOTE));
    }

    private static ObjectNode metadata(ObjectNode event) {
        return (ObjectNode) event.get("metadata");
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
