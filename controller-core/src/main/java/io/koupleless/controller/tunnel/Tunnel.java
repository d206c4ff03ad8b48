package io.koupleless.controller.tunnel;

import io.koupleless.controller.base.Base;
import java.util.concurrent.CompletionStage;

/**
 * A transport to bases. It moves commands out and events in, and decides nothing.
 *
 * <p>Promises of an implementation, each checked by {@code TunnelContract} of the testkit:
 *
 * <ul>
 *   <li>{@link #start} returns at once and never fails because the other side is away; it connects
 *       later and by itself, for ever.
 *   <li>{@link TunnelEvent.LinkChanged} tells each change of the link, in order; {@code up} means
 *       that commands may be sent and that their answers will be heard.
 *   <li>{@link #send} never blocks. Its stage completes when the transport has taken the message
 *       (not when the base has answered), or fails with a {@link TunnelException}, within {@code
 *       timeToLive}. Nothing is kept for later while the link is down.
 *   <li>{@link Fence#open} is asked right before the message leaves; closed means {@link
 *       TunnelException.Fenced} and nothing sent.
 *   <li>Events of one base arrive in the order in which the transport delivered them. A message
 *       that cannot be read is counted and dropped; it stops nothing.
 *   <li>The number of threads does not depend on the number of bases.
 *   <li>After {@link #close} nothing is delivered or sent; it may be called twice.
 * </ul>
 */
public interface Tunnel extends AutoCloseable {

    /** The label value that names this tunnel on a Node, e.g. {@code mqtt_tunnel_provider}. */
    String name();

    /**
     * How many commands on modules may be under way on one base so that it still answers questions.
     *
     * @param processors that the base's JVM sees
     */
    default int commandsAtOnce(int processors) {
        return Integer.MAX_VALUE;
    }

    /** Starts to listen. Called once. */
    void start(TunnelListener listener);

    CompletionStage<Void> send(Message message);

    /**
     * A base that an earlier process of ours knew, as its Node shows it. A transport that needs
     * addresses looks there, and tells {@link TunnelEvent.BaseSeen} if the base answers; others do
     * nothing.
     */
    default void remember(Base base) {}

    @Override
    void close();
}
