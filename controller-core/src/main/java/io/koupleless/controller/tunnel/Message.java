package io.koupleless.controller.tunnel;

import io.koupleless.controller.base.BaseId;
import java.time.Duration;

/**
 * A command on its way to a base.
 *
 * @param timeToLive after this nobody waits for the answer any more; transports that can expire a
 *     message do so
 * @param fence asked right before the message leaves
 */
public record Message(BaseId base, Command command, Duration timeToLive, Fence fence) {}
