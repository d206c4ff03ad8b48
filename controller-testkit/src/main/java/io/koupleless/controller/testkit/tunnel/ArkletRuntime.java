package io.koupleless.controller.testkit.tunnel;

/** Which koupleless runtime a base behaves like over HTTP. */
public enum ArkletRuntime {
    /** Answers say who they come from; modules can be installed in batches. */
    TODAY(true, true),

    /** 2.1.6 and older: no answer tells an identity, and no heartbeat is ever sent by itself. */
    BEFORE_IDENTITIES(false, false);

    private final boolean tellsIdentity;
    private final boolean batches;

    ArkletRuntime(boolean tellsIdentity, boolean batches) {
        this.tellsIdentity = tellsIdentity;
        this.batches = batches;
    }

    boolean tellsIdentity() {
        return tellsIdentity;
    }

    boolean batches() {
        return batches;
    }
}
