package io.koupleless.controller.kube;

import io.koupleless.controller.node.LabelValue;
import io.koupleless.controller.node.Labels;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.work.Ticker;
import io.kubernetes.client.openapi.models.V1Node;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Watches the virtual Nodes of one environment. */
public final class NodeInformer implements AutoCloseable {
    private final NodeListener listener;
    private final Feed<ObservedNode> feed;
    private final Map<String, ObservedNode> nodes = new ConcurrentHashMap<>();
    private volatile boolean synced;

    public NodeInformer(KubeClients clients, String env, Ticker ticker, NodeListener listener) {
        this.listener = listener;
        ApiPath ours =
                ApiPath.NODES.with(
                        "labelSelector",
                        "%s=%s,%s=%s"
                                .formatted(
                                        Labels.COMPONENT,
                                        Labels.COMPONENT_NODE,
                                        Labels.ENV,
                                        LabelValue.of(env)));
        this.feed =
                new Feed<>(
                        clients,
                        new Source<>("nodes", ours, V1Node.class, NodeReader::read),
                        ticker,
                        new ToListener());
    }

    public void start() {
        feed.start();
    }

    /** A Node as the listener knows it. */
    public Optional<ObservedNode> find(String name) {
        return Optional.ofNullable(nodes.get(name));
    }

    public boolean synced() {
        return synced;
    }

    /** Whether the watch has heard something, a bookmark at least, within this time. */
    public boolean fresh(Duration limit) {
        return feed.fresh(limit);
    }

    @Override
    public void close() {
        feed.close();
    }

    private final class ToListener implements Feed.Sink<ObservedNode> {
        @Override
        public void seen(ObservedNode node) {
            nodes.put(node.name(), node);
            listener.nodeSeen(node);
        }

        @Override
        public void unseen(ObservedNode last) {
            nodes.remove(last.name());
            listener.nodeUnseen(last.name());
        }

        @Override
        public void synced() {
            synced = true;
            listener.synced();
        }
    }
}
