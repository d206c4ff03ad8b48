package io.koupleless.controller.pod;

import io.koupleless.controller.module.ModuleRef;
import java.net.URI;
import java.util.List;
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
     * @param urlHash SHA-256 in hex of the URL, and of the args as the Pod has them if there are
     *     any; kept instead of the URL, which may hold credentials
     * @param args for the module's main method, expanded
     */
    public record Module(ModuleRef ref, URI url, String urlHash, List<String> args)
            implements Wanted {
        public Module {
            args = List.copyOf(args);
        }

        /** Without args. */
        public Module(ModuleRef ref, URI url, String urlHash) {
            this(ref, url, urlHash, List.of());
        }
    }

    /**
     * Nothing can be sent for this container; the reason is an error code, the message for people.
     */
    public record Invalid(String reason, String message) implements Wanted {}
}
