package io.koupleless.controller.pod;

/** One Pod object; a new object of the same name has another uid. */
public record PodRef(String namespace, String name, String uid) implements Comparable<PodRef> {
    /** Stands for no Pod at all. */
    public static final PodRef NOBODY = new PodRef("", "", "");

    @Override
    public int compareTo(PodRef other) {
        int byNamespace = namespace.compareTo(other.namespace);
        if (byNamespace != 0) {
            return byNamespace;
        }
        int byName = name.compareTo(other.name);
        return byName != 0 ? byName : uid.compareTo(other.uid);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
