package io.koupleless.controller.testkit.controlplane;

/** The programs that make up a control plane. */
public enum Component {
    ETCD("etcd"),
    API_SERVER("kube-apiserver"),
    CONTROLLER_MANAGER("kube-controller-manager"),
    SCHEDULER("kube-scheduler");

    private final String program;

    Component(String program) {
        this.program = program;
    }

    public String program() {
        return program;
    }
}
