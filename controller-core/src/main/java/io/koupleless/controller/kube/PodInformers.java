package io.koupleless.controller.kube;

import io.koupleless.controller.node.Labels;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.work.Ticker;
import io.kubernetes.client.openapi.models.V1Pod;
import java.time.Duration;
import java.util.List;

/** Watches the module Pods of all namespaces, by either of the two labels. */
public final class PodInformers implements AutoCloseable {
    private static final List<String> LABELS = List.of(Labels.COMPONENT, Labels.COMPONENT_OF_DOCS);

    private final PodView view;
    private final List<Feed<ModulePod>> feeds;

    public PodInformers(KubeClients clients, Ticker ticker, PodListener listener) {
        this.view = new PodView(LABELS, listener);
        this.feeds =
                LABELS.stream()
                        .map(label -> new Feed<>(clients, source(label), ticker, new ToView(label)))
                        .toList();
    }

    private static Source<V1Pod, ModulePod> source(String label) {
        ApiPath bound =
                ApiPath.PODS
                        .with("labelSelector", label + "=" + Labels.COMPONENT_MODULE)
                        .with("fieldSelector", "spec.nodeName!=");
        return new Source<>("pods by " + label, bound, V1Pod.class, PodReader::read);
    }

    public void start() {
        feeds.forEach(Feed::start);
    }

    /** The Pods on this Node as the listener knows them. */
    public List<ModulePod> podsOn(String nodeName) {
        return view.podsOn(nodeName);
    }

    /** Tells the listener again of each Pod on this Node, in order with all other news. */
    public void replay(String nodeName) {
        view.replay(nodeName);
    }

    public boolean synced() {
        return view.synced();
    }

    /** Whether every watch has heard something, a bookmark at least, within this time. */
    public boolean fresh(Duration limit) {
        return feeds.stream().allMatch(feed -> feed.fresh(limit));
    }

    @Override
    public void close() {
        feeds.forEach(Feed::close);
    }

    private final class ToView implements Feed.Sink<ModulePod> {
        private final String label;

        private ToView(String label) {
            this.label = label;
        }

        @Override
        public void seen(ModulePod pod) {
            view.seen(label, pod);
        }

        @Override
        public void unseen(ModulePod last) {
            view.unseen(label, last);
        }

        @Override
        public void synced() {
            view.synced(label);
        }
    }
}
