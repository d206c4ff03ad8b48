package io.koupleless.controller.kube;

import io.koupleless.controller.node.LabelValue;
import io.koupleless.controller.node.Labels;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Deletes the records of bases whose Node has been gone for long; blocks. */
public final class RecordSweep {
    private static final Logger LOG = LoggerFactory.getLogger(RecordSweep.class);

    private final KubeRequests requests;
    private final KubeIdentity identity;
    private final Clock clock;

    public RecordSweep(KubeClients clients, KubeIdentity identity, Clock clock) {
        this.requests = new KubeRequests(clients);
        this.identity = identity;
        this.clock = clock;
    }

    /**
     * How many records were deleted; what could not be read or deleted is left to the next time.
     */
    public int sweep(Duration age) {
        Instant before = clock.instant().minus(age);
        int deleted = 0;
        for (V1ObjectMeta record : records()) {
            boolean old = goneAt(record).filter(gone -> gone.isBefore(before)).isPresent();
            if (old && nodeIsGone(record) && delete(record)) {
                deleted++;
            }
        }
        return deleted;
    }

    private List<V1ObjectMeta> records() {
        ApiPath path =
                ApiPath.configMaps(identity.namespace())
                        .with(
                                "labelSelector",
                                "%s=%s,%s=%s"
                                        .formatted(
                                                Labels.COMPONENT,
                                                Labels.COMPONENT_RECORD,
                                                Labels.ENV,
                                                LabelValue.of(identity.env())));
        try {
            return new Pages(requests)
                    .read(
                            path,
                            V1ConfigMap.class,
                            c -> Objects.requireNonNullElseGet(c.getMetadata(), V1ObjectMeta::new))
                    .items();
        } catch (UnansweredException e) {
            LOG.atWarn().addKeyValue("answer", e.reply()).log("Records cannot be listed");
            return List.of();
        }
    }

    private static Optional<Instant> goneAt(V1ObjectMeta record) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(record.getAnnotations(), Map.of());
        try {
            return Optional.ofNullable(annotations.get(Labels.NODE_GONE_AT)).map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private boolean nodeIsGone(V1ObjectMeta record) {
        return requests.get(ApiPath.node(PodReader.text(record.getName())))
                instanceof Reply.NotFound;
    }

    /** Not if somebody wrote it since: its base is back. */
    private boolean delete(V1ObjectMeta record) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        options.putObject("preconditions")
                .put("uid", record.getUid())
                .put("resourceVersion", record.getResourceVersion());
        ApiPath path =
                ApiPath.configMaps(identity.namespace()).child(PodReader.text(record.getName()));
        return requests.delete(path, options) instanceof Reply.Ok;
    }
}
