package io.koupleless.controller.tunnel;

import io.koupleless.controller.module.ModuleRef;
import java.net.URI;

/** What can be asked of a base. */
public sealed interface Command {

    /** A command that changes one module; answered by {@link TunnelEvent.CommandAnswered}. */
    sealed interface OnModule extends Command {
        ModuleRef ref();

        Operation operation();
    }

    /** Download and start a module; answered late, since arklet answers when it has started. */
    record Install(ModuleRef ref, URI url) implements OnModule {
        @Override
        public Operation operation() {
            return Operation.INSTALL;
        }
    }

    /** Stop and forget a module. */
    record Uninstall(ModuleRef ref) implements OnModule {
        @Override
        public Operation operation() {
            return Operation.UNINSTALL;
        }
    }

    /** Answered by {@link TunnelEvent.HealthReported}. */
    record QueryHealth() implements Command {}

    /** Answered by {@link TunnelEvent.ModulesReported}: a full list. */
    record QueryModules() implements Command {}
}
