package io.koupleless.controller.peers;

import java.time.Duration;

/**
 * When the replicas of peer Deployments are set.
 *
 * @param notReadyGrace a base without a Pod of the Deployment still counts for so long when it is
 *     not Ready, and one whose Node is gone but whose Pod is not
 * @param quietAfterStart nothing is scaled down for so long after our start
 * @param brakePercent of the Nodes not Ready, or gone, at once: nothing is scaled down
 */
public record PeerSettings(Duration notReadyGrace, Duration quietAfterStart, int brakePercent) {
    public static PeerSettings defaults() {
        return new PeerSettings(Duration.ofMinutes(1), Duration.ofMinutes(5), 55);
    }
}
