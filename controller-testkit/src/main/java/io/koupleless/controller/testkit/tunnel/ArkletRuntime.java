package io.koupleless.controller.testkit.tunnel;

/** Which koupleless runtime a base behaves like over HTTP. */
public enum ArkletRuntime {
    /** Answers say who they come from. */
    TODAY(true),

    /** 2.1.6 and older: no answer tells an identity, and no heartbeat is ever sent by itself. */
    BEFORE_IDENTITIES(false);

    private final boolean tellsIdentity;

    ArkletRuntime(boolean tellsIdentity) {
        this.tellsIdentity = tellsIdentity;
    }

    boolean tellsIdentity() {
        return tellsIdentity;
    }
}
