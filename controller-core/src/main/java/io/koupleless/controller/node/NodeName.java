package io.koupleless.controller.node;

import io.koupleless.controller.base.BaseId;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a base's Node and Lease, {@code vnode.<identity>.<env>}.
 *
 * <p>The identity stays verbatim but for the colons of an IPv6 address, which become dashes.
 */
public record NodeName(String value) {

    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final int LONGEST = 253;
    private static final String PREFIX = "vnode.";

    /** Empty when the name would be no DNS-1123 subdomain, which Kubernetes refuses. */
    public static Optional<NodeName> of(BaseId base, String env) {
        String identity = base.value().replace(':', '-');
        String name = PREFIX + identity + "." + env.toLowerCase(Locale.ROOT);
        boolean valid = name.length() <= LONGEST && SUBDOMAIN.matcher(name).matches();
        return valid ? Optional.of(new NodeName(name)) : Optional.empty();
    }

    /** False for the name of a Node that is certainly none of a base. */
    public static boolean mayBe(String nodeName) {
        return nodeName.startsWith(PREFIX);
    }

    @Override
    public String toString() {
        return value;
    }
}
