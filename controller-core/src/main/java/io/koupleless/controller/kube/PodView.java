package io.koupleless.controller.kube;

import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The union of what the informers see, one for each label: a Pod is gone when none sees it.
 *
 * <p>One lock over view and delivery, so that what is replayed to a new virtual node cannot
 * overtake or fall behind what the informers tell.
 */
final class PodView {
    private record Entry(ModulePod pod, Set<String> labels) {}

    private final PodListener listener;
    private final Set<String> unsynced;
    private final Map<String, Map<PodRef, Entry>> byNode = new HashMap<>();

    /**
     * @param labels one for each informer
     */
    PodView(List<String> labels, PodListener listener) {
        this.unsynced = new HashSet<>(labels);
        this.listener = listener;
    }

    synchronized void seen(String label, ModulePod pod) {
        if (pod.nodeName().isEmpty()) {
            return;
        }
        Map<PodRef, Entry> node = byNode.computeIfAbsent(pod.nodeName(), _ -> new TreeMap<>());
        Entry known = node.get(pod.ref());
        if (known == null) {
            node.put(pod.ref(), new Entry(pod, new HashSet<>(Set.of(label))));
            listener.podSeen(pod);
            return;
        }
        known.labels().add(label);
        if (newer(pod, known.pod())) {
            node.put(pod.ref(), new Entry(pod, known.labels()));
            listener.podSeen(pod);
        }
    }

    synchronized void unseen(String label, ModulePod last) {
        Map<PodRef, Entry> node = byNode.getOrDefault(last.nodeName(), Collections.emptyMap());
        Entry known = node.get(last.ref());
        if (known == null) {
            return;
        }
        known.labels().remove(label);
        if (!known.labels().isEmpty()) {
            return;
        }
        node.remove(last.ref());
        if (node.isEmpty()) {
            byNode.remove(last.nodeName());
        }
        listener.podUnseen(last.nodeName(), last.ref(), last.resourceVersion());
    }

    synchronized void synced(String label) {
        if (unsynced.remove(label) && unsynced.isEmpty()) {
            listener.synced();
        }
    }

    synchronized boolean synced() {
        return unsynced.isEmpty();
    }

    synchronized List<ModulePod> podsOn(String nodeName) {
        return byNode.getOrDefault(nodeName, Collections.emptyMap()).values().stream()
                .map(Entry::pod)
                .toList();
    }

    synchronized void replay(String nodeName) {
        podsOn(nodeName).forEach(listener::podSeen);
    }

    /** Two informers may be at different moments of one Pod. */
    private static boolean newer(ModulePod pod, ModulePod known) {
        try {
            return Long.parseUnsignedLong(pod.resourceVersion())
                    > Long.parseUnsignedLong(known.resourceVersion());
        } catch (NumberFormatException e) {
            return true;
        }
    }
}
