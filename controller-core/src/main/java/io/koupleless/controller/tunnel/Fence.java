package io.koupleless.controller.tunnel;

/** Asked in the very call that hands a message to the transport: may it still leave? */
@FunctionalInterface
public interface Fence {
    boolean open();
}
