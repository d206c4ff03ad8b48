package io.koupleless.controller.kube;

import io.koupleless.controller.pod.PodRef;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where an object or a collection lives on the API server, with what is asked of it. */
record ApiPath(String value) {
    static final ApiPath NODES = new ApiPath("/api/v1/nodes");
    static final ApiPath PODS = new ApiPath("/api/v1/pods");
    static final ApiPath DEPLOYMENTS = new ApiPath("/apis/apps/v1/deployments");
    static final ApiPath DAEMON_SETS = new ApiPath("/apis/apps/v1/daemonsets");
    static final ApiPath AUTOSCALERS = new ApiPath("/apis/autoscaling/v2/horizontalpodautoscalers");
    private static final String NODE_LEASES = "kube-node-lease";

    static ApiPath node(String name) {
        return NODES.child(name);
    }

    static ApiPath pod(PodRef pod) {
        return core(pod.namespace(), "pods").child(pod.name());
    }

    static ApiPath pods(String namespace) {
        return core(namespace, "pods");
    }

    static ApiPath configMaps(String namespace) {
        return core(namespace, "configmaps");
    }

    static ApiPath nodeLeases() {
        return leases(NODE_LEASES);
    }

    static ApiPath leases(String namespace) {
        return group("coordination.k8s.io/v1", namespace, "leases");
    }

    static ApiPath deploymentScale(String namespace, String name) {
        return group("apps/v1", namespace, "deployments").child(name).child("scale");
    }

    static ApiPath events(String namespace) {
        return group("events.k8s.io/v1", namespace, "events");
    }

    private static ApiPath core(String namespace, String plural) {
        return new ApiPath("/api/v1/namespaces/" + namespace + "/" + plural);
    }

    private static ApiPath group(String version, String namespace, String plural) {
        return new ApiPath("/apis/" + version + "/namespaces/" + namespace + "/" + plural);
    }

    /** A member of this collection, or a subresource of this object. */
    ApiPath child(String name) {
        return new ApiPath(value + "/" + name);
    }

    ApiPath status() {
        return child("status");
    }

    /** The same with one more parameter; an empty one is left out. */
    ApiPath with(String name, String text) {
        if (text.isEmpty()) {
            return this;
        }
        String separator = value.contains("?") ? "&" : "?";
        return new ApiPath(
                value + separator + name + "=" + URLEncoder.encode(text, StandardCharsets.UTF_8));
    }
}
