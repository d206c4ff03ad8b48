package io.koupleless.controller.kube;

import io.koupleless.controller.node.LabelValue;
import io.koupleless.controller.node.Labels;
import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.vnode.Outcome;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Records, one ConfigMap each, in our namespace and named like the Node. */
final class RecordStore {
    private static final Logger LOG = LoggerFactory.getLogger(RecordStore.class);
    private static final String KEY = "record";

    private final KubeRequests requests;
    private final KubeIdentity identity;
    private final Clock clock;

    RecordStore(KubeRequests requests, KubeIdentity identity, Clock clock) {
        this.requests = requests;
        this.identity = identity;
        this.clock = clock;
    }

    Outcome read(NodeName node) {
        Reply reply = requests.get(path(node));
        if (reply instanceof Reply.NotFound) {
            return new Outcome.RecordRead(Optional.empty());
        }
        return reply.outcome(ok -> new Outcome.RecordRead(Optional.of(stored(node, ok.json()))));
    }

    private static Outcome.Stored stored(NodeName node, JsonNode configMap) {
        String text = configMap.path("data").path(KEY).asString("");
        Optional<BaseRecord> record = RecordJson.read(text);
        if (record.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("node", node)
                    .log("The record cannot be read and counts as empty");
        }
        return new Outcome.Stored(
                record.orElse(BaseRecord.EMPTY),
                configMap.at("/metadata/resourceVersion").asString(""));
    }

    Outcome write(NodeName node, BaseRecord record, Optional<String> resourceVersion) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = body.putObject("metadata");
        body.putObject("data").put(KEY, RecordJson.write(record));
        if (resourceVersion.isPresent()) {
            metadata.put("resourceVersion", resourceVersion.get());
            // Whoever writes a record has a base: its Node is not gone any more.
            metadata.putObject("annotations").putNull(Labels.NODE_GONE_AT);
            return requests.patch(path(node), KubeRequests.Patch.MERGE, body).written();
        }
        body.put("apiVersion", "v1").put("kind", "ConfigMap");
        metadata.put("name", node.value());
        metadata.putObject("labels")
                .put(Labels.COMPONENT, Labels.COMPONENT_RECORD)
                .put(Labels.ENV, LabelValue.of(identity.env()));
        return requests.create(ApiPath.configMaps(identity.namespace()), body).written();
    }

    Outcome expire(NodeName node) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("metadata")
                .putObject("annotations")
                .put(Labels.NODE_GONE_AT, WireTime.seconds(clock.instant()));
        return requests.patch(path(node), KubeRequests.Patch.MERGE, body).done();
    }

    private ApiPath path(NodeName node) {
        return ApiPath.configMaps(identity.namespace()).child(node.value());
    }
}
