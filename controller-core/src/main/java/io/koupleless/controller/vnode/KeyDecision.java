package io.koupleless.controller.vnode;

import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Operation;

/** What to do about one module key. */
sealed interface KeyDecision {

    /** Nothing now. */
    record Rest() implements KeyDecision {}

    /** The record shall say so; nothing is sent. */
    record Note(ModuleEntry entry) implements KeyDecision {}

    /** The record shall no longer mention it: it is confirmed gone, or was never sent. */
    record Forget() implements KeyDecision {}

    /** Send the command, once the record says {@code entry}. */
    record Command(Operation operation, ModuleEntry entry) implements KeyDecision {}

    /** The base says that it failed to start, and nobody told us before. */
    record Broken() implements KeyDecision {}

    /** Read the recorded owner before judging. */
    record LookUpOwner() implements KeyDecision {}

    /** Nothing can be said before a list that was asked for from now on. */
    record NeedList() implements KeyDecision {}
}
