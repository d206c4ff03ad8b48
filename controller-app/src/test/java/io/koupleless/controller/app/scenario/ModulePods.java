package io.koupleless.controller.app.scenario;

/** Module Pods as users write them. */
final class ModulePods {
    private ModulePods() {}

    /** A bare Pod of one module, bound to a Node by its name. */
    static String bound(String name, String node, String module, String version, String url) {
        return """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          namespace: default
          labels:
            virtual-kubelet.koupleless.io/component: module
        spec:
          nodeName: %s
          containers:
            - name: %s
              image: %s
              env:
                - name: BIZ_VERSION
                  value: "%s"
          tolerations:
            - operator: Exists
        """
                .formatted(name, node, module, url, version);
    }

    /** A Pod of one module that starts with this argument. */
    static String with(String argument, String pod) {
        return pod.replace(
                "      env:\n", "      args: [\"%s\"]\n      env:\n".formatted(argument));
    }

    /** The same without the version that every module needs. */
    static String withoutVersion(String name, String node, String module, String url) {
        return """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          namespace: default
          labels:
            module-controller.koupleless.io/component: module
        spec:
          nodeName: %s
          containers:
            - name: %s
              image: %s
          tolerations:
            - operator: Exists
        """
                .formatted(name, node, module, url);
    }
}
