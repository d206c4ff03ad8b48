package io.koupleless.controller.simulation;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.Deletion;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.pod.PodTerms;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Pods as users make and change them. */
final class Pods {
    private Pods() {}

    static ModuleContainer container(ModuleRef ref, String url) {
        return new ModuleContainer(
                ref.name() + "-" + ref.version().replace('.', '-'),
                url,
                new ModuleContainer.Module(ref, URI.create(url), hash(url)));
    }

    static String hash(String url) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(url.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<ModuleContainer.Module> modules(ModulePod pod) {
        return pod.containers().stream()
                .map(ModuleContainer::wanted)
                .filter(ModuleContainer.Module.class::isInstance)
                .map(ModuleContainer.Module.class::cast);
    }

    /** Those that have not ended for good. */
    static Stream<ModuleContainer.Module> wanted(ModulePod pod) {
        return pod.containers().stream()
                .filter(container -> !pod.ended(container.name()))
                .map(ModuleContainer::wanted)
                .filter(ModuleContainer.Module.class::isInstance)
                .map(ModuleContainer.Module.class::cast);
    }

    static boolean asksFor(ModulePod pod, ModuleRef ref) {
        return wanted(pod).anyMatch(m -> m.ref().equals(ref));
    }

    /** Lives, labelled or not. */
    static boolean lives(ModulePod pod) {
        return !pod.terminating() && !pod.status().phase().terminal();
    }

    static ModulePod with(ModulePod pod, String version, PodStatus status) {
        return copy(pod, version, pod.labelled(), pod.terminating(), pod.containers(), status);
    }

    static ModulePod terminating(ModulePod pod, String version, Deletion deletion) {
        return new ModulePod(
                pod.ref(),
                pod.nodeName(),
                pod.labelled(),
                version,
                pod.createdAt(),
                0,
                true,
                pod.revision(),
                pod.restartPolicy(),
                pod.readinessGates(),
                pod.containers(),
                pod.terms(),
                pod.status(),
                Optional.of(deletion));
    }

    static ModulePod labelled(ModulePod pod, String version, boolean labelled) {
        return copy(pod, version, labelled, pod.terminating(), pod.containers(), pod.status());
    }

    static ModulePod asking(ModulePod pod, String version, List<ModuleContainer> containers) {
        return copy(pod, version, pod.labelled(), pod.terminating(), containers, pod.status());
    }

    static ModulePod revised(ModulePod pod, String revision) {
        return new ModulePod(
                pod.ref(),
                pod.nodeName(),
                pod.labelled(),
                pod.resourceVersion(),
                pod.createdAt(),
                0,
                pod.terminating(),
                revision,
                pod.restartPolicy(),
                pod.readinessGates(),
                pod.containers(),
                pod.terms(),
                pod.status(),
                pod.deletion());
    }

    static ModulePod within(ModulePod pod, PodTerms terms) {
        return new ModulePod(
                pod.ref(),
                pod.nodeName(),
                pod.labelled(),
                pod.resourceVersion(),
                pod.createdAt(),
                0,
                pod.terminating(),
                pod.revision(),
                pod.restartPolicy(),
                pod.readinessGates(),
                pod.containers(),
                terms,
                pod.status(),
                pod.deletion());
    }

    private static ModulePod copy(
            ModulePod pod,
            String version,
            boolean labelled,
            boolean terminating,
            List<ModuleContainer> containers,
            PodStatus status) {
        return new ModulePod(
                pod.ref(),
                pod.nodeName(),
                labelled,
                version,
                pod.createdAt(),
                0,
                terminating,
                pod.revision(),
                pod.restartPolicy(),
                pod.readinessGates(),
                containers,
                pod.terms(),
                status,
                pod.deletion());
    }

    static ModulePod create(
            String node,
            PodRef ref,
            String version,
            Instant created,
            String revision,
            ModulePod.RestartPolicy policy,
            List<String> gates,
            List<ModuleContainer> containers,
            PodTerms terms) {
        return new ModulePod(
                ref,
                node,
                true,
                version,
                Instant.ofEpochSecond(created.getEpochSecond()),
                0,
                false,
                revision,
                policy,
                gates,
                containers,
                terms,
                PodStatus.NONE,
                Optional.empty());
    }
}
