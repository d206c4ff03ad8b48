package io.koupleless.controller.vnode;

/** Compares resource versions: decimal numbers that grow, as Kubernetes promises since 1.35. */
public final class Versions {
    private Versions() {}

    /** Anything that is no number counts as newer. */
    public static boolean atLeast(String version, String other) {
        try {
            return Long.parseUnsignedLong(version) >= Long.parseUnsignedLong(other);
        } catch (NumberFormatException e) {
            return true;
        }
    }
}
