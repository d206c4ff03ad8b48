package io.koupleless.controller.tunnel;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseHealth;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a tunnel hears. Any of them may come twice, late, or without having been asked for. */
public sealed interface TunnelEvent {

    /** An event about one base. */
    sealed interface OfBase extends TunnelEvent {
        BaseId base();
    }

    /** A heartbeat. */
    record BaseSeen(Base seen) implements OfBase {
        @Override
        public BaseId base() {
            return seen.id();
        }
    }

    /** The base's process has just started and asks what it should run. */
    record BaselineAsked(BaseId base) implements OfBase {}

    /** Its process is about to end, and nothing more can be asked of it. */
    record BaseLeaving(BaseId base) implements OfBase {}

    /** It is known to be no more, as when its Pod is gone; silence alone never says so. */
    record BaseGone(BaseId base) implements OfBase {}

    record HealthReported(BaseId base, BaseHealth health) implements OfBase {}

    /** The base answered a query, but said no: a sign of life and nothing more. */
    record QueryRefused(BaseId base, String message) implements OfBase {}

    /** The full list of what is on the base; the master biz may be in it. */
    record ModulesReported(BaseId base, List<ModuleStatus> modules) implements OfBase {
        public ModulesReported {
            modules = List.copyOf(modules);
        }
    }

    /**
     * The answer to a batch: many single reports, never the full list.
     *
     * @param answers by URL as sent; empty when nothing of the batch was done
     */
    record BatchAnswered(BaseId base, Map<String, Answer> answers) implements OfBase {
        public BatchAnswered {
            answers = Map.copyOf(answers);
        }
    }

    /** The ids of the commands that the base knows, such as {@code batchInstallBiz}. */
    record CommandsReported(BaseId base, Set<String> ids) implements OfBase {
        public CommandsReported {
            ids = Set.copyOf(ids);
        }

        /** {@link Command.InstallAll} can be sent, asked for or not. */
        public boolean batches() {
            return ids.contains("batchInstallBiz");
        }
    }

    /**
     * The answer to a command on a module.
     *
     * @param ref name and version of the request; empty when the base does not echo them
     */
    record CommandAnswered(BaseId base, Operation operation, Optional<ModuleRef> ref, Answer answer)
            implements OfBase {}

    /** The tunnel's own link: up means subscribed and allowed to send. */
    record LinkChanged(boolean up) implements TunnelEvent {}
}
