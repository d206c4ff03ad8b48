package io.koupleless.controller.pod;

/** One Pod object; a new object of the same name has another uid. */
public record PodRef(String namespace, String name, String uid) implements Comparable<PodRef> {
    /** Stands for no Pod at all: none asked for it, or the one that will is still to come. */
    public static final PodRef NOBODY = new PodRef("", "", "");

    public boolean isNobody() {
        return uid.isEmpty();
    }

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
        return isNobody() ? "that is still to come" : namespace + "/" + name;
    }
}
