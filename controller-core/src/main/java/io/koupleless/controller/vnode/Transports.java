package io.koupleless.controller.vnode;

import java.util.List;

/** What virtual nodes have to know of the tunnels of this process. */
public interface Transports {

    /** Names; of two that reach the same base the first is used. */
    List<String> preference();

    /**
     * How many commands on modules a base can work on at once and still answer questions.
     *
     * @param processors of the base, 1 when unknown
     */
    int commandsAtOnce(String tunnel, int processors);
}
