package io.koupleless.controller.vnode;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseHealth;
import io.koupleless.controller.base.BasePort;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.Check;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.PreStop;
import io.koupleless.controller.pod.Probe;
import io.koupleless.controller.pod.ProbeKind;
import io.koupleless.controller.pod.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Says where a check goes; pure.
 *
 * <p>To the base's own address and nowhere else, unless a setting allows more: whoever may create
 * Pods must not make the controller call whatever it can reach.
 */
final class ProbeTargets {
    /** Names the port on which a base serves pages, whatever its Pod calls it. */
    static final String BASE_PORT = "base";

    /** Where a check goes. */
    sealed interface Aim {}

    record At(Target target) implements Aim {}

    /** Not known yet. */
    record Unknown(String why) implements Aim {}

    /** It can go nowhere, and nothing but another spec or setting changes that. */
    record Nowhere(String why) implements Aim {}

    private final VNodeSettings.Probing settings;

    ProbeTargets(VNodeSettings.Probing settings) {
        this.settings = settings;
    }

    /**
     * @param installed the module as the base knows it
     */
    Aim of(Check check, ModuleRef installed, Base base, Optional<BaseHealth> health) {
        Optional<String> refused = refused(check, base);
        if (refused.isPresent()) {
            return new Nowhere(refused.get());
        }
        if (base.ip().isEmpty()) {
            return new Unknown("the base has not told its address");
        }
        String host = check.host().isEmpty() ? base.ip() : check.host();
        int port = port(check.port(), base).orElseThrow();
        return switch (check) {
            case Check.TcpSocket _ -> new At(new Target.Tcp(host, port));
            case Check.HttpGet get ->
                    path(get.path(), installed, health)
                            .<Aim>map(path ->
                                    new At(
                                            new Target.Http(
                                                    get.tls(), host, port, path, get.headers())))
                            .orElseGet(() ->
                                    new Unknown(
                                            "the base has not told the context path of "
                                                    + installed));
        };
    }

    /** Why a container's probes or hook can never be run on this base; empty when they can. */
    Optional<String> refused(ModuleContainer container, Base base) {
        List<String> problems = new ArrayList<>();
        container.probes().entrySet().stream()
                .sorted(Comparator.comparing(Map.Entry<ProbeKind, Probe>::getKey))
                .forEach(probe ->
                        refused(probe.getValue().check(), base)
                                .ifPresent(
                                        why -> problems.add(probe.getKey().field() + " " + why)));
        if (container.preStop().orElse(null) instanceof PreStop.Call(Check.HttpGet get)) {
            refused(get, base).ifPresent(why -> problems.add("lifecycle.preStop " + why));
        }
        return problems.stream()
                .findFirst()
                .map(why -> "container " + container.name() + ": " + why);
    }

    private Optional<String> refused(Check check, Base base) {
        boolean elsewhere = !check.host().isEmpty() && !check.host().equals(base.ip());
        if (elsewhere && !settings.anyHost()) {
            return Optional.of(
                    "names host "
                            + check.host()
                            + ": only the base's own address is called; leave host out, put a"
                            + " virtual host into the header Host, or have"
                            + " module-controller.probes.any-host set");
        }
        if (port(check.port(), base).isEmpty()) {
            return Optional.of(
                    check.port() instanceof Check.PortOfBase(String name)
                            ? "asks for the port %s, which neither the container nor the base's Pod lists: %s"
                                    .formatted(
                                            name,
                                            "use a number, or the name "
                                                    + BASE_PORT
                                                    + " with module-controller.probes.base-port")
                            : "has no port");
        }
        return Optional.empty();
    }

    private OptionalInt port(Check.Port port, Base base) {
        return switch (port) {
            case Check.PortNumber(int number) -> OptionalInt.of(number);
            case Check.PortOfBase(String name) -> portOfBase(name, base.traits().ports());
        };
    }

    private OptionalInt portOfBase(String name, List<BasePort> ports) {
        OptionalInt listed =
                ports.stream()
                        .filter(port -> name.equals(BASE_PORT) || name.equals(port.name()))
                        .mapToInt(BasePort::number)
                        .findFirst();
        if (listed.isPresent()) {
            return listed;
        }
        return name.equals(BASE_PORT) && settings.basePort() > 0
                ? OptionalInt.of(settings.basePort())
                : OptionalInt.empty();
    }

    /** Below the context path unless the path begins at the root. */
    private static Optional<String> path(
            String path, ModuleRef installed, Optional<BaseHealth> health) {
        if (path.startsWith("/")) {
            return Optional.of(path);
        }
        return health.map(h -> h.contextPaths().get(installed))
                .map(context -> root(context) + path);
    }

    private static String root(String context) {
        String bare = context.replaceAll("^/+|/+$", "");
        return bare.isEmpty() ? "/" : "/" + bare + "/";
    }
}
