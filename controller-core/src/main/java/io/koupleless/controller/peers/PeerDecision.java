package io.koupleless.controller.peers;

/** What to do about the replicas of one peer Deployment. */
sealed interface PeerDecision {

    /** It has as many replicas as bases match. */
    record Rest() implements PeerDecision {}

    record Scale(int replicas) implements PeerDecision {}

    /** Nothing, though the number differs. */
    record Hold(PeerHold why, String message) implements PeerDecision {}
}
