package io.koupleless.controller.testkit.base;

/** Who a base says it is. */
public record BaseMetadata(
        String identity, String name, String version, String clusterName, String env) {
    /** What the manifests of the samples ask for. */
    public static BaseMetadata of(String identity) {
        return new BaseMetadata(identity, "base", "1.0.0", "default", "dev");
    }

    public BaseMetadata inEnv(String other) {
        return new BaseMetadata(identity, name, version, clusterName, other);
    }

    public BaseMetadata named(String otherName, String otherVersion) {
        return new BaseMetadata(identity, otherName, otherVersion, clusterName, env);
    }
}
