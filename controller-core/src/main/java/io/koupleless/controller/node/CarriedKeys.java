package io.koupleless.controller.node;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Which labels and annotations of a base its Node carries: those under one of some prefixes, but
 * never one that means something to Kubernetes or to us.
 *
 * @param prefixes each with a domain of its own, such as {@code example.com/} or {@code
 *     example.com/team-}
 */
public record CarriedKeys(List<String> prefixes) {
    /** Of labels and of annotations; the first by name count. */
    public static final int MOST = 32;

    private static final int LONGEST_ANNOTATION = 1_024;
    private static final int LONGEST_DOMAIN = 253;
    private static final Pattern DOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Set<String> DOMAINS_OF_KUBERNETES = Set.of("kubernetes.io", "k8s.io");
    private static final Set<String> DOMAINS_OF_OURS =
            Set.of(
                    "base.koupleless.io",
                    "module.koupleless.io",
                    "module-controller.koupleless.io",
                    "schedule.koupleless.io",
                    "virtual-kubelet.koupleless.io",
                    "vnode.koupleless.io");

    /** A base carries nothing onto its Node. */
    public static final CarriedKeys NONE = new CarriedKeys(List.of());

    /**
     * @throws IllegalArgumentException if a prefix is not acceptable
     */
    public CarriedKeys {
        prefixes = List.copyOf(prefixes);
        for (String prefix : prefixes) {
            if (!acceptable(prefix)) {
                throw new IllegalArgumentException("no prefix for keys of bases: " + prefix);
            }
        }
    }

    /** True for a prefix with a domain that is neither Kubernetes' nor ours. */
    public static boolean acceptable(String prefix) {
        int slash = prefix.indexOf('/');
        return slash > 0 && freeDomain(prefix.substring(0, slash));
    }

    /** Labels in order, with legal values. */
    SortedMap<String, String> labels(Map<String, String> said) {
        return carried(said, LabelValue::of);
    }

    /** Annotations in order, each at most 1,024 characters. */
    SortedMap<String, String> annotations(Map<String, String> said) {
        return carried(
                said, text -> text.substring(0, Math.min(text.length(), LONGEST_ANNOTATION)));
    }

    /** What of these could matter: for whoever keeps them. */
    public Map<String, String> relevant(Map<String, String> said) {
        SortedMap<String, String> relevant = carried(said, text -> text);
        for (String key : List.of(Labels.MAX_MODULES, Labels.MAX_MODULES_V1)) {
            String value = said.get(key);
            if (value != null) {
                relevant.put(key, value);
            }
        }
        return relevant;
    }

    private SortedMap<String, String> carried(
            Map<String, String> said, UnaryOperator<String> legal) {
        SortedMap<String, String> carried = new TreeMap<>();
        said.keySet().stream()
                .filter(this::carries)
                .sorted()
                .limit(MOST)
                .forEach(key -> carried.put(key, legal.apply(said.getOrDefault(key, ""))));
        return carried;
    }

    private boolean carries(String key) {
        return free(key) && prefixes.stream().anyMatch(key::startsWith);
    }

    /** A legal key that is neither Kubernetes' nor ours, under whatever prefix. */
    static boolean free(String key) {
        int slash = key.indexOf('/');
        return slash > 0
                && NAME.matcher(key.substring(slash + 1)).matches()
                && freeDomain(key.substring(0, slash));
    }

    private static boolean freeDomain(String domain) {
        return domain.length() <= LONGEST_DOMAIN
                && DOMAIN.matcher(domain).matches()
                && !DOMAINS_OF_OURS.contains(domain)
                && DOMAINS_OF_KUBERNETES.stream()
                        .noneMatch(k8s -> domain.equals(k8s) || domain.endsWith("." + k8s));
    }
}
