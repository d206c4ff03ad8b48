package io.koupleless.controller.pod;

import io.koupleless.controller.module.ModuleRef;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * A container of a module Pod, parsed: the module that it asks for, or why it cannot be one.
 *
 * @param image verbatim, as status entries repeat it
 * @param preStop before its module is uninstalled
 */
public record ModuleContainer(
        String name,
        String image,
        Wanted wanted,
        Map<ProbeKind, Probe> probes,
        Optional<PreStop> preStop) {

    public ModuleContainer {
        probes = Map.copyOf(probes);
    }

    /** Without probes and hooks. */
    public ModuleContainer(String name, String image, Wanted wanted) {
        this(name, image, wanted, Map.of(), Optional.empty());
    }

    /** What the container asks for. */
    public sealed interface Wanted {}

    /**
     * @param urlHash SHA-256 of the URL in hex; kept instead of the URL, which may hold credentials
     */
    public record Module(ModuleRef ref, URI url, String urlHash) implements Wanted {}

    /**
     * Nothing can be sent for this container; the reason is an error code, the message for people.
     */
    public record Invalid(String reason, String message) implements Wanted {}
}
