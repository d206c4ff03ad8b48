package io.koupleless.controller.testkit.controlplane;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where an object or a collection lives on the API server. */
public record ApiPath(String value) {
    public static ApiPath nodes() {
        return new ApiPath("/api/v1/nodes");
    }

    public static ApiPath node(String name) {
        return nodes().child(name);
    }

    public static ApiPath namespaces() {
        return new ApiPath("/api/v1/namespaces");
    }

    public static ApiPath pods(String namespace) {
        return core(namespace, "pods");
    }

    public static ApiPath pod(String namespace, String name) {
        return pods(namespace).child(name);
    }

    public static ApiPath configMaps(String namespace) {
        return core(namespace, "configmaps");
    }

    public static ApiPath serviceAccount(String namespace, String name) {
        return core(namespace, "serviceaccounts").child(name);
    }

    public static ApiPath events(String namespace) {
        return core(namespace, "events");
    }

    public static ApiPath leases(String namespace) {
        return new ApiPath("/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases");
    }

    public static ApiPath lease(String namespace, String name) {
        return leases(namespace).child(name);
    }

    public static ApiPath deployments(String namespace) {
        return new ApiPath("/apis/apps/v1/namespaces/" + namespace + "/deployments");
    }

    public static ApiPath deployment(String namespace, String name) {
        return deployments(namespace).child(name);
    }

    public static ApiPath endpointSlices(String namespace) {
        return new ApiPath("/apis/discovery.k8s.io/v1/namespaces/" + namespace + "/endpointslices");
    }

    public static ApiPath service(String namespace, String name) {
        return core(namespace, "services").child(name);
    }

    public static ApiPath daemonSet(String namespace, String name) {
        return new ApiPath("/apis/apps/v1/namespaces/" + namespace + "/daemonsets/" + name);
    }

    public static ApiPath replicaSets(String namespace) {
        return new ApiPath("/apis/apps/v1/namespaces/" + namespace + "/replicasets");
    }

    private static ApiPath core(String namespace, String plural) {
        return namespaces().child(namespace).child(plural);
    }

    /** A member of this collection, or a subresource of this object. */
    public ApiPath child(String name) {
        return new ApiPath(value + "/" + name);
    }

    public ApiPath status() {
        return child("status");
    }

    /** The same with one more query parameter. */
    public ApiPath query(String name, String text) {
        String separator = value.contains("?") ? "&" : "?";
        return new ApiPath(
                value + separator + name + "=" + URLEncoder.encode(text, StandardCharsets.UTF_8));
    }
}
