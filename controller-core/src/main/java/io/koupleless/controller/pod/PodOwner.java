package io.koupleless.controller.pod;

/** The object that made a Pod and controls it: a ReplicaSet, a DaemonSet, a Job. */
public record PodOwner(String apiVersion, String kind, String name, String uid) {

    /** Of the API of Kubernetes itself; others may have a kind of that name too. */
    public boolean isJob() {
        return kind.equals("Job") && apiVersion.startsWith("batch/");
    }

    public boolean isDaemonSet() {
        return kind.equals("DaemonSet") && apiVersion.startsWith("apps/");
    }

    public boolean isReplicaSet() {
        return kind.equals("ReplicaSet") && apiVersion.startsWith("apps/");
    }

    @Override
    public String toString() {
        return kind + " " + name;
    }
}
