package io.koupleless.controller.testkit.playground;

import io.koupleless.controller.testkit.base.BasePod;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterException;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What the playground has put into a given cluster; closing takes it out again. */
record Leftovers(ClusterUser admin) implements AutoCloseable {
    private static final String OF_BASES = "base.koupleless.io/name=base";
    private static final String AT_ONCE = "{\"gracePeriodSeconds\": 0}";
    private static final ApiPath RBAC = new ApiPath("/apis/rbac.authorization.k8s.io/v1");

    @Override
    public void close() {
        delete(ApiPath.deployment("default", "biz1"));
        admin.list(ApiPath.pods("default").query("labelSelector", "app=biz1"))
                .forEach(pod -> delete(ApiPath.pod("default", nameOf(pod))));
        admin.list(ApiPath.pods(BasePod.NAMESPACE).query("labelSelector", OF_BASES))
                .forEach(pod -> delete(ApiPath.pod(BasePod.NAMESPACE, nameOf(pod))));
        for (JsonNode node : admin.list(ApiPath.nodes().query("labelSelector", OF_BASES))) {
            delete(ApiPath.node(nameOf(node)));
            delete(ApiPath.lease("kube-node-lease", nameOf(node)));
        }
        for (String kind : List.of("clusterrolebindings", "clusterroles")) {
            delete(RBAC.child(kind).child(ControllerAccount.ROLE));
        }
        ApiPath leases = RBAC.child("namespaces").child("kube-node-lease");
        for (String kind : List.of("rolebindings", "roles")) {
            delete(leases.child(kind).child(ControllerAccount.ROLE));
        }
        delete(ApiPath.namespaces().child(ControllerAccount.NAMESPACE));
    }

    private void delete(ApiPath path) {
        try {
            admin.delete(path, AT_ONCE);
        } catch (ClusterException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    private static String nameOf(JsonNode object) {
        return object.at("/metadata/name").asString();
    }
}
