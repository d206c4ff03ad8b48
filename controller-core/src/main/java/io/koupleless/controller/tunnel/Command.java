package io.koupleless.controller.tunnel;

import io.koupleless.controller.module.ModuleRef;
import java.net.URI;
import java.util.List;

/** What can be asked of a base. */
public sealed interface Command {

    /** A command that changes one module; answered by {@link TunnelEvent.CommandAnswered}. */
    sealed interface OnModule extends Command {
        ModuleRef ref();

        Operation operation();
    }

    /**
     * Download and start a module; answered late, since arklet answers when it has started.
     *
     * @param args for the module's main method
     */
    record Install(ModuleRef ref, URI url, List<String> args) implements OnModule {
        public Install {
            args = List.copyOf(args);
        }

        /** Without args. */
        public Install(ModuleRef ref, URI url) {
            this(ref, url, List.of());
        }

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

    /**
     * All that a base lacks which has just started, at once; answered by {@link
     * TunnelEvent.BatchAnswered}. It may be empty: a base that asked is told that there is nothing.
     *
     * <p>Two installs of one URL would be taken for one. An artifact that cannot be downloaded
     * keeps the base from installing any.
     */
    record InstallAll(List<Install> installs) implements Command {
        public InstallAll {
            installs = List.copyOf(installs);
        }
    }

    /**
     * Answered by {@link TunnelEvent.CommandsReported}; {@link TunnelException.Rejected} by a
     * transport over which bases do not answer it.
     */
    record QueryCommands() implements Command {}

    /** Answered by {@link TunnelEvent.HealthReported}. */
    record QueryHealth() implements Command {}

    /** Answered by {@link TunnelEvent.ModulesReported}: a full list. */
    record QueryModules() implements Command {}
}
