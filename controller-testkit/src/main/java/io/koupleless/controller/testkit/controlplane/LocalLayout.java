package io.koupleless.controller.testkit.controlplane;

import io.koupleless.controller.testkit.process.FreePorts;
import java.nio.file.Path;
import java.util.List;

/** Files, ports and flags of a control plane on this machine. */
record LocalLayout(
        Path directory, Path programs, Path logs, int apiServerPort, EtcdPorts etcdPorts) {

    /** Where etcd listens for its clients and for its peers, of whom it has none. */
    record EtcdPorts(int client, int peer) {
        String clientUrl() {
            return "http://127.0.0.1:" + client;
        }

        String peerUrl() {
            return "http://127.0.0.1:" + peer;
        }
    }

    static LocalLayout inside(Path directory, Path programs, Path logs) {
        return new LocalLayout(
                directory,
                programs.toAbsolutePath(),
                logs.toAbsolutePath(),
                FreePorts.next(),
                new EtcdPorts(FreePorts.next(), FreePorts.next()));
    }

    String url() {
        return "https://127.0.0.1:" + apiServerPort;
    }

    /** The API server makes itself a certificate, which is thereby its own authority. */
    Path caCertificate() {
        return directory.resolve("certificates/apiserver.crt");
    }

    Path signingKey() {
        return directory.resolve("service-accounts.key");
    }

    Path tokens() {
        return directory.resolve("tokens.csv");
    }

    List<String> etcdFlags() {
        return List.of(
                "--data-dir=" + directory.resolve("etcd"),
                "--listen-client-urls=" + etcdPorts.clientUrl(),
                "--advertise-client-urls=" + etcdPorts.clientUrl(),
                "--listen-peer-urls=" + etcdPorts.peerUrl(),
                "--unsafe-no-fsync",
                "--log-level=warn");
    }

    List<String> apiServerFlags() {
        return List.of(
                "--etcd-servers=" + etcdPorts.clientUrl(),
                "--bind-address=127.0.0.1",
                "--secure-port=" + apiServerPort,
                "--cert-dir=" + directory.resolve("certificates"),
                "--token-auth-file=" + tokens(),
                "--authorization-mode=RBAC",
                "--service-account-key-file=" + signingKey(),
                "--service-account-signing-key-file=" + signingKey(),
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-cluster-ip-range=10.96.0.0/16");
    }

    List<String> controllerManagerFlags() {
        return List.of(
                "--kubeconfig=" + directory.resolve("admin.kubeconfig"),
                "--service-account-private-key-file=" + signingKey(),
                "--leader-elect=false",
                "--secure-port=0",
                "--kube-api-qps=500",
                "--kube-api-burst=1000");
    }

    List<String> schedulerFlags() {
        return List.of(
                "--kubeconfig=" + directory.resolve("admin.kubeconfig"),
                "--leader-elect=false",
                "--secure-port=0",
                "--kube-api-qps=500",
                "--kube-api-burst=1000");
    }
}
