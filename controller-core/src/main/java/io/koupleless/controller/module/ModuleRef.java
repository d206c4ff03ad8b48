package io.koupleless.controller.module;

/**
 * A module's name and version: arklet's key for everything it does ({@code bizName}, {@code
 * bizVersion}).
 */
public record ModuleRef(String name, String version) implements Comparable<ModuleRef> {
    public ModuleRef {
        if (name.isBlank() || version.isBlank()) {
            throw new IllegalArgumentException("a module needs a name and a version");
        }
    }

    @Override
    public int compareTo(ModuleRef other) {
        int byName = name.compareTo(other.name);
        return byName != 0 ? byName : version.compareTo(other.version);
    }

    /** {@code name:version}, for people; never parsed back, since versions may hold a colon. */
    @Override
    public String toString() {
        return name + ":" + version;
    }
}
