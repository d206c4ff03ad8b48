package io.koupleless.controller.node;

/** Every label, annotation and taint key that we read or write. */
public final class Labels {
    private Labels() {}

    /** What an object is to us: one of the {@code COMPONENT_*} values. */
    public static final String COMPONENT = "virtual-kubelet.koupleless.io/component";

    public static final String COMPONENT_NODE = "vnode";
    public static final String COMPONENT_LEASE = "vnode-lease";
    public static final String COMPONENT_RECORD = "vnode-record";
    public static final String COMPONENT_MODULE = "module";

    /** The key that the predecessor's documents named instead of {@link #COMPONENT}. */
    public static final String COMPONENT_OF_DOCS = "module-controller.koupleless.io/component";

    public static final String COMPONENT_DEPLOYMENT = "module-deployment";

    /** Label of a Deployment that has one replica for each base that it matches. */
    public static final String STRATEGY = "virtual-kubelet.koupleless.io/strategy";

    /** The key that the predecessor's samples named instead of {@link #STRATEGY}. */
    public static final String STRATEGY_OF_SAMPLES = "module-controller.koupleless.io/strategy";

    public static final String STRATEGY_PEER = "peer";

    /** Label of a peer Deployment whose replicas somebody else sets. */
    public static final String REPLICAS_CONTROL = "virtual-kubelet.koupleless.io/replicas-control";

    public static final String ENV = "virtual-kubelet.koupleless.io/env";

    public static final String BASE_NAME = "base.koupleless.io/name";
    public static final String BASE_VERSION = "base.koupleless.io/version";
    public static final String BASE_CLUSTER_NAME = "base.koupleless.io/cluster-name";
    public static final String BASE_HOST_NAME = "base.koupleless.io/host-name";
    public static final String BASE_TUNNEL_PORT = "base.koupleless.io/tunnel-port";
    public static final String BASE_STACK = "base.koupleless.io/stack";

    /** What a base Pod may say instead of {@link #BASE_NAME} and {@link #BASE_VERSION}. */
    public static final String APP_NAME = "app.kubernetes.io/name";

    public static final String APP_VERSION = "app.kubernetes.io/version";

    public static final String VNODE_NAME = "vnode.koupleless.io/name";
    public static final String VNODE_VERSION = "vnode.koupleless.io/version";
    public static final String VNODE_TUNNEL = "vnode.koupleless.io/tunnel";

    public static final String HOST_NAME = "kubernetes.io/hostname";
    public static final String ZONE = "topology.kubernetes.io/zone";
    public static final String REGION = "topology.kubernetes.io/region";
    public static final String ROLE = "kubernetes.io/role";
    public static final String TYPE = "type";
    public static final String EXCLUDE_DISRUPTION = "node.kubernetes.io/exclude-disruption";
    public static final String EXCLUDE_FROM_LOAD_BALANCERS =
            "node.kubernetes.io/exclude-from-external-load-balancers";

    public static final String POD_TEMPLATE_HASH = "pod-template-hash";
    public static final String CONTROLLER_REVISION_HASH = "controller-revision-hash";

    /** Annotation of a Node: the identity verbatim, which the Node's name may not show. */
    public static final String IDENTITY = "module-controller.koupleless.io/base-identity";

    /** Annotation of a Node: the base's own host name, verbatim. */
    public static final String BASE_HOST = "module-controller.koupleless.io/base-host-name";

    /**
     * Label or annotation of a base, then annotation of its Node: how many module Pods it takes.
     */
    public static final String MAX_MODULES = "module-controller.koupleless.io/max-modules";

    /** The same as a label of base Pods under ModuleController V1. */
    public static final String MAX_MODULES_V1 = "koupleless.alipay.com/max-module-count";

    /** Annotation of a Node: the labels that it has from its base, or because of where that is. */
    public static final String CARRIED_LABELS = "module-controller.koupleless.io/carried-labels";

    /** Annotation of a Node: the annotations that it has from its base. */
    public static final String CARRIED_ANNOTATIONS =
            "module-controller.koupleless.io/carried-annotations";

    /** Extended resource of a Node: metaspace that modules share, in bytes. */
    public static final String METASPACE = "module-controller.koupleless.io/metaspace";

    /** Annotation of a base Pod: where arklet listens. */
    public static final String ARKLET_PORT = "module-controller.koupleless.io/arklet-port";

    /** Readiness gate of a base's Pod: its modules are there. */
    public static final String MODULES_READY = "module-controller.koupleless.io/modules-ready";

    /** Annotation of a record: when its Node was deleted. */
    public static final String NODE_GONE_AT = "module-controller.koupleless.io/node-gone-at";

    public static final String TAINT_VIRTUAL_NODE = "schedule.koupleless.io/virtual-node";
    public static final String TAINT_ENV = "schedule.koupleless.io/node-env";
    public static final String TAINT_NOT_ANSWERING =
            "module-controller.koupleless.io/base-not-answering";
    public static final String TAINT_IDENTITY_CONFLICT =
            "module-controller.koupleless.io/identity-conflict";
    public static final String TAINT_TERMINATING =
            "module-controller.koupleless.io/base-terminating";

    /** True for the taints that are ours to set and to remove. */
    public static boolean isOurTaint(String key) {
        return key.equals(TAINT_VIRTUAL_NODE)
                || key.equals(TAINT_ENV)
                || key.equals(TAINT_NOT_ANSWERING)
                || key.equals(TAINT_IDENTITY_CONFLICT)
                || key.equals(TAINT_TERMINATING);
    }
}
