package io.koupleless.controller.peers;

/** Why a number stays as it is though it differs; names are the reasons of Events. */
enum PeerHold {
    /** Something that counts is not known yet: a matter of moments, told to nobody. */
    UNSYNCED(""),
    STARTED_JUST_NOW("PeerScaleDownHeld"),
    OUT_OF_TOUCH("PeerScaleDownHeld"),
    MANY_AWAY("PeerScaleDownHeld"),
    AUTOSCALED("PeerReplicasLeftAlone");

    private final String reason;

    PeerHold(String reason) {
        this.reason = reason;
    }

    boolean isTold() {
        return !reason.isEmpty();
    }

    String reason() {
        return reason;
    }
}
