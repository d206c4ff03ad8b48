package io.koupleless.controller.node;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseId;
import java.util.Locale;
import java.util.Optional;

/** Reads a base back from the Node that shows it, after a restart of ours. */
public final class NodeBase {
    private static final String PREFIX = "vnode.";

    private NodeBase() {}

    /** Empty when the Node's name is not the one that its identity would get. */
    public static Optional<Base> of(ObservedNode node, String env) {
        return identity(node, env)
                .filter(id ->
                        NodeName.of(id, env).map(NodeName::value).equals(Optional.of(node.name())))
                .map(id -> base(id, node));
    }

    private static Optional<BaseId> identity(ObservedNode node, String env) {
        String kept = node.annotations().get(Labels.IDENTITY);
        if (kept != null && !kept.isBlank()) {
            return Optional.of(new BaseId(kept));
        }
        // Made by the predecessor: the identity is what stands between prefix and env.
        String name = node.name();
        String suffix = "." + env.toLowerCase(Locale.ROOT);
        int end = name.length() - suffix.length();
        boolean ours = name.startsWith(PREFIX) && name.endsWith(suffix) && end > PREFIX.length();
        return ours
                ? Optional.of(new BaseId(name.substring(PREFIX.length(), end)))
                : Optional.empty();
    }

    private static Base base(BaseId id, ObservedNode node) {
        String host = node.annotations().get(Labels.BASE_HOST);
        return new Base(
                id,
                node.labels().getOrDefault(Labels.BASE_NAME, ""),
                node.labels().getOrDefault(Labels.BASE_VERSION, ""),
                node.labels().getOrDefault(Labels.BASE_CLUSTER_NAME, ""),
                node.status().addresses().getOrDefault("InternalIP", ""),
                host != null ? host : node.status().addresses().getOrDefault("Hostname", ""),
                port(node.labels().getOrDefault(Labels.BASE_TUNNEL_PORT, "0")),
                true);
    }

    private static int port(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The tunnel that the base was reached over; the predecessor did not say. */
    public static String tunnel(ObservedNode node) {
        return node.labels().getOrDefault(Labels.VNODE_TUNNEL, "mqtt_tunnel_provider");
    }
}
