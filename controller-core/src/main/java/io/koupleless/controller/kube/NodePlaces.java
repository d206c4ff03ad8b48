package io.koupleless.controller.kube;

import static io.koupleless.controller.kube.PodReader.text;

import io.koupleless.controller.discovery.FoundBase;
import io.koupleless.controller.node.Labels;
import io.koupleless.controller.work.Ticker;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import tools.jackson.databind.JsonNode;

/** Zone and region of the cluster's own Nodes, read when a base is found on one. */
final class NodePlaces {
    private static final int MOST = 5_000;

    /** Nodes do not move, but another may come by the same name. */
    private static final long FRESH_NANOS = Duration.ofMinutes(10).toNanos();

    /** Where a Node is; both texts are empty when it does not say. */
    record Known(String zone, String region, long readAt) {
        FoundBase of(FoundBase base) {
            return new FoundBase(
                    base.address(),
                    base.name(),
                    base.version(),
                    base.clusterName(),
                    base.hostName(),
                    base.traits().at(zone, region));
        }
    }

    private final KubeRequests requests;
    private final Ticker ticker;
    private final Executor workers;
    private final Map<String, Known> known =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
                    return size() > MOST;
                }
            };
    private final Set<String> underWay = new HashSet<>();

    /**
     * @param workers may block
     */
    NodePlaces(KubeRequests requests, Ticker ticker, Executor workers) {
        this.requests = requests;
        this.ticker = ticker;
        this.workers = workers;
    }

    /**
     * What is known now; never blocks.
     *
     * @param later runs when that has been read anew
     */
    synchronized Optional<Known> of(String node, Runnable later) {
        if (node.isEmpty()) {
            return Optional.empty();
        }
        Known place = known.get(node);
        boolean fresh = place != null && ticker.nanos() - place.readAt() < FRESH_NANOS;
        if (!fresh && underWay.add(node)) {
            workers.execute(() -> read(node, later));
        }
        return Optional.ofNullable(place);
    }

    private void read(String node, Runnable later) {
        Reply reply = requests.get(ApiPath.node(node));
        synchronized (this) {
            underWay.remove(node);
            switch (reply) {
                case Reply.Ok ok -> known.put(node, place(ok.json()));
                case Reply.NotFound(), Reply.Refused _ ->
                        known.put(node, new Known("", "", ticker.nanos()));
                case Reply.Conflict(), Reply.Failed _ -> {
                    // Tried again with the next news of a base there.
                    return;
                }
            }
        }
        later.run();
    }

    private Known place(JsonNode node) {
        JsonNode labels = node.at("/metadata/labels");
        return new Known(
                text(labels.path(Labels.ZONE).asString("")),
                text(labels.path(Labels.REGION).asString("")),
                ticker.nanos());
    }
}
