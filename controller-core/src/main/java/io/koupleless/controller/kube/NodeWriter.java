package io.koupleless.controller.kube;

import io.koupleless.controller.node.LabelValue;
import io.koupleless.controller.node.Labels;
import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.node.NodeSpec;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Outcome;
import io.kubernetes.client.openapi.models.V1Node;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Creates, patches and deletes Nodes. */
final class NodeWriter {
    private static final int LONGEST_LABEL = 63;
    private static final int HASH = 8;

    private final KubeRequests requests;
    private final String kubeletVersion;
    private final Clock clock;

    /** Two bases of one host name, created at once, would each find no Node that has it. */
    private final Set<String> hostsUnderWay = ConcurrentHashMap.newKeySet();

    NodeWriter(KubeRequests requests, String version, Clock clock) {
        this.requests = requests;
        this.kubeletVersion = "module-controller/" + version;
        this.clock = clock;
    }

    Outcome create(NodeName node, Effect.CreateNode effect) {
        String host = LabelValue.of(effect.hostName());
        if (host.isEmpty() || !hostsUnderWay.add(host)) {
            return post(node, hostNamedLike(node), effect);
        }
        try {
            Reply others =
                    requests.listMetadata(
                            ApiPath.NODES
                                    .with("labelSelector", Labels.HOST_NAME + "=" + host)
                                    .with("limit", "1"));
            return others.outcome(ok -> {
                boolean unique = ok.json().path("items").isEmpty();
                return post(node, unique ? host : hostNamedLike(node), effect);
            });
        } finally {
            hostsUnderWay.remove(host);
        }
    }

    private Outcome post(NodeName node, String hostLabel, Effect.CreateNode effect) {
        ObjectNode status = NodeJson.status(effect.status(), kubeletVersion, clock.instant());
        ObjectNode body = NodeJson.create(node.value(), hostLabel, effect.spec(), status);
        Reply created = requests.createWhole(ApiPath.NODES, body);
        Reply whole =
                created instanceof Reply.Conflict
                        ? requests.get(ApiPath.node(node.value()))
                        : created;
        return whole.outcome(ok -> new Outcome.NodeCreated(NodeReader.read(ok.as(V1Node.class))));
    }

    /** Node names may be longer than label values; two long ones must not become one. */
    private static String hostNamedLike(NodeName node) {
        String name = node.value();
        return name.length() <= LONGEST_LABEL
                ? name
                : LabelValue.of(name.substring(0, LONGEST_LABEL - HASH - 1))
                        + "-"
                        + Sha256.of(name).substring(0, HASH);
    }

    Outcome patchSpec(NodeName node, NodeSpec spec, ObservedNode observed) {
        return requests.patch(
                        ApiPath.node(node.value()),
                        KubeRequests.Patch.MERGE,
                        NodeJson.patch(spec, observed))
                .written();
    }

    Outcome patchStatus(NodeName node, NodeStatus status) {
        return requests.patch(
                        ApiPath.node(node.value()).status(),
                        KubeRequests.Patch.STRATEGIC,
                        NodeJson.statusPatch(status, kubeletVersion, clock.instant()))
                .written();
    }

    Outcome delete(NodeName node, String uid, String resourceVersion) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        options.putObject("preconditions").put("uid", uid).put("resourceVersion", resourceVersion);
        return requests.delete(ApiPath.node(node.value()), options).done();
    }
}
