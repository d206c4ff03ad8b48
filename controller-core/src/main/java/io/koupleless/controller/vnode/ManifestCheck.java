package io.koupleless.controller.vnode;

import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.record.ModuleEntry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells on a Pod what its jars call themselves, if that is not what the Pod says: the base installs
 * what the manifest names. A Pod of which that was never so carries no such condition.
 */
final class ManifestCheck {
    private final Ledger ledger;

    ManifestCheck(Ledger ledger) {
        this.ledger = ledger;
    }

    PodStatus shownIn(PodStatus next, TrackedPod pod, Instant wall) {
        Optional<PodCondition> before = pod.status().condition(PodCondition.MANIFEST_MATCHES);
        List<String> others = others(pod);
        if (next.phase().terminal() || others.isEmpty() && before.isEmpty()) {
            return next;
        }
        boolean matches = others.isEmpty();
        Instant since =
                before.filter(old -> old.status() == matches)
                        .map(PodCondition::lastTransition)
                        .orElse(wall.truncatedTo(ChronoUnit.SECONDS));
        List<PodCondition> conditions = new ArrayList<>(next.conditions());
        conditions.add(
                new PodCondition(
                        PodCondition.MANIFEST_MATCHES,
                        matches,
                        matches ? "" : Reason.PARAMETER_INVALID,
                        String.join("; ", others),
                        since));
        return new PodStatus(
                next.phase(),
                next.reason(),
                next.message(),
                next.podIp(),
                next.startTime(),
                conditions,
                next.containers());
    }

    private List<String> others(TrackedPod pod) {
        return pod.pod().containers().stream()
                .flatMap(container -> other(pod, container).stream())
                .toList();
    }

    private Optional<String> other(TrackedPod pod, ModuleContainer container) {
        if (!(container.wanted() instanceof ModuleContainer.Module module)) {
            return Optional.empty();
        }
        return Optional.ofNullable(ledger.entries().get(module.ref()))
                .filter(entry -> entry.owner().uid().equals(pod.pod().ref().uid()))
                .filter(entry -> !entry.installed().equals(entry.ref()))
                .map(entry -> "container " + container.name() + ": " + told(entry));
    }

    static String told(ModuleEntry entry) {
        return "the jar's manifest says "
                + entry.installed()
                + ", the Pod says "
                + entry.ref()
                + "; the base runs what the manifest says";
    }
}
