package io.koupleless.controller.testkit.base;

import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.controlplane.PatchType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The Pod of a base as a cluster has it, so that the base is found: its container is a JVM of this
 * machine, and what a kubelet would report of it is written here. No scheduler looks at it: it is
 * gone as soon as it is deleted.
 *
 * @param name also the base's host name
 */
public record BasePod(String name, BaseMetadata metadata, int arkletPort) {
    public static final String NAMESPACE = "default";

    /** Picks these Pods, and no others. */
    public static final String SELECTOR = "base.koupleless.io/name";

    public static final String IP = "127.0.0.1";

    private static final String AT_ONCE = "{\"gracePeriodSeconds\": 0}";

    public static BasePod of(SampleBase base) {
        return new BasePod(base.identity(), base.options().metadata(), base.arkletPort());
    }

    /** The base is to be asked at another port than its own. */
    public BasePod askedAt(int port) {
        return new BasePod(name, metadata, port);
    }

    public ApiPath path() {
        return ApiPath.pod(NAMESPACE, name);
    }

    /** It is there and runs. */
    public void create(ClusterUser user) {
        user.create(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %s
                  namespace: %s
                  labels:
                    base.koupleless.io/name: %s
                    base.koupleless.io/version: %s
                    base.koupleless.io/cluster-name: %s
                  annotations:
                    module-controller.koupleless.io/arklet-port: "%d"
                spec:
                  schedulerName: nobody
                  containers:
                    - name: base
                      image: base
                """
                        .formatted(
                                name,
                                NAMESPACE,
                                metadata.name(),
                                metadata.version(),
                                metadata.clusterName(),
                                arkletPort));
        user.patch(
                path().status(),
                PatchType.MERGE,
                """
                {"status": {"phase": "Running", "podIP": "%1$s", "podIPs": [{"ip": "%1$s"}],
                 "startTime": "%2$s", "conditions": [{"type": "Ready", "status": "True"}],
                 "containerStatuses": [{"name": "base", "image": "base", "imageID": "",
                 "ready": true, "restartCount": 0,
                 "state": {"running": {"startedAt": "%2$s"}}}]}}
                """
                        .formatted(IP, Instant.now().truncatedTo(ChronoUnit.SECONDS)));
    }

    public void deleteAtOnce(ClusterUser user) {
        user.delete(path(), AT_ONCE);
    }
}
