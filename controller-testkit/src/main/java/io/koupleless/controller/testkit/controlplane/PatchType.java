package io.koupleless.controller.testkit.controlplane;

/** The ways of changing an object in place. */
public enum PatchType {
    MERGE("application/merge-patch+json"),
    STRATEGIC("application/strategic-merge-patch+json"),
    JSON("application/json-patch+json"),
    APPLY("application/apply-patch+yaml");

    private final String contentType;

    PatchType(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }
}
