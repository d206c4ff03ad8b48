package io.koupleless.controller.kube;

import io.koupleless.controller.node.Labels;
import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.work.Ticker;
import io.kubernetes.client.openapi.models.V1Pod;
import java.time.Duration;
import java.util.List;

/**
 * Watches the module Pods of all namespaces, by either of the two labels; or, if every Pod on our
 * Nodes counts as a module's, all Pods, of which those elsewhere are passed over.
 */
public final class PodInformers implements AutoCloseable {
    private static final List<String> LABELS = List.of(Labels.COMPONENT, Labels.COMPONENT_OF_DOCS);

    private static final ApiPath BOUND = ApiPath.PODS.with("fieldSelector", "spec.nodeName!=");

    private final PodView view;
    private final List<Feed<ModulePod>> feeds;

    /**
     * @param allAreModules a Pod on one of our Nodes counts as a module's without our label too
     */
    public PodInformers(
            KubeClients clients, boolean allAreModules, Ticker ticker, PodListener listener) {
        List<Source<V1Pod, ModulePod>> sources =
                allAreModules ? List.of(all()) : LABELS.stream().map(PodInformers::by).toList();
        this.view = new PodView(sources.stream().map(Source::name).toList(), listener);
        this.feeds =
                sources.stream()
                        .map(source ->
                                new Feed<>(clients, source, ticker, new ToView(source.name())))
                        .toList();
    }

    private static Source<V1Pod, ModulePod> by(String label) {
        ApiPath labelled = BOUND.with("labelSelector", label + "=" + Labels.COMPONENT_MODULE);
        return new Source<>("pods by " + label, labelled, V1Pod.class, PodReader::read);
    }

    private static Source<V1Pod, ModulePod> all() {
        return new Source<>("all pods", BOUND, V1Pod.class, PodInformers::onOurNodes);
    }

    /** Of the others nothing is kept but what tells one version from another. */
    private static ModulePod onOurNodes(V1Pod pod) {
        boolean elsewhere =
                pod.getSpec() == null
                        || !NodeName.mayBe(PodReader.text(pod.getSpec().getNodeName()));
        return elsewhere
                ? PodReader.read(new V1Pod().metadata(pod.getMetadata()))
                : PodReader.read(pod).relabelled();
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
