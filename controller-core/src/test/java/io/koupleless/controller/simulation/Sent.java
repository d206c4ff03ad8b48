package io.koupleless.controller.simulation;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Operation;

/** One command on a module, followed from the decision to its answer. */
final class Sent {
    final Operation operation;
    final ModuleRef ref;
    final Command.OnModule command;
    final long at;
    final int controllerProcess;
    final int baseProcess;

    /** The module as Pods ask for it; an uninstall may call it otherwise. */
    ModuleRef key;

    /** The controller that sent it knows what the base calls the module. */
    boolean named;

    /** When the record named it first. */
    long recordedAt;

    /** Left in a batch, which may have as many as it likes. */
    boolean together;

    /** Its own answer was heard, or the controller was told that it never left. */
    boolean closed;

    Sent(Command.OnModule command, long at, int controllerProcess, int baseProcess) {
        this.operation = command.operation();
        this.ref = command.ref();
        this.key = command.ref();
        this.command = command;
        this.at = at;
        this.controllerProcess = controllerProcess;
        this.baseProcess = baseProcess;
    }

    @Override
    public String toString() {
        return operation + " " + ref;
    }
}
