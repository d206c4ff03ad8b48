package io.koupleless.controller.kube;

import static io.koupleless.controller.kube.PodReader.list;
import static io.koupleless.controller.kube.PodReader.text;

import io.koupleless.controller.pod.PodOwner;
import io.koupleless.controller.pod.PodTerms;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1PodSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a Pod's spec says beside its modules, and whether any of them can run at all. */
final class PodTermsReader {
    private PodTermsReader() {}

    static PodTerms read(Optional<PodOwner> owner, V1PodSpec spec) {
        return new PodTerms(
                owner,
                Optional.ofNullable(spec.getActiveDeadlineSeconds()).map(Duration::ofSeconds),
                ignored(spec));
    }

    static Optional<PodOwner> owner(V1ObjectMeta metadata) {
        return list(metadata.getOwnerReferences()).stream()
                .filter(owner -> PodFields.isTrue(owner.getController()))
                .findFirst()
                .map(owner ->
                        new PodOwner(
                                text(owner.getApiVersion()),
                                text(owner.getKind()),
                                text(owner.getName()),
                                text(owner.getUid())));
    }

    /** What keeps every container of this Pod from being installed. */
    static Optional<String> refusal(Optional<PodOwner> owner, V1PodSpec spec) {
        return owner.filter(PodOwner::isJob)
                .map(job ->
                        job
                                + ": modules do not complete, they run until they are uninstalled;"
                                + " use a Deployment, or start the work by a call to the module")
                .or(() -> PodFields.refusal(spec));
    }

    /** What is no module says nothing: its own state names it. */
    private static List<String> ignored(V1PodSpec spec) {
        List<String> ignored = new ArrayList<>(PodFields.ignoredIn(spec));
        for (V1Container container : list(spec.getContainers())) {
            if (ContainerReader.namesAModule(container)) {
                String prefix = "container " + text(container.getName()) + ": ";
                ContainerFields.ignoredIn(container).forEach(field -> ignored.add(prefix + field));
            }
        }
        return ignored;
    }
}
