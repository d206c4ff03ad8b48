package io.koupleless.controller.vnode;

import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The commands that are ready to leave in one step: as many as the base may have, in the order of
 * their Pods' priority, then age; or all installs of a fresh base together.
 */
final class Departures {
    /**
     * A command whose record is stored.
     *
     * @param owner the Pod that it is for; empty for one that is still to come
     */
    record Ready(
            Slot slot, ModuleEntry entry, Command.OnModule command, Optional<ModulePod> owner) {
        private boolean isInstall() {
            return command.operation() == Operation.INSTALL;
        }

        private int priority() {
            return owner.map(ModulePod::priority).orElse(0);
        }

        private String age() {
            return owner.map(pod -> pod.createdAt().toString()).orElse("");
        }
    }

    /** Pods that are there come before Pods that are still to come, whose priority nobody knows. */
    private static final Comparator<Ready> ORDER =
            Comparator.comparing(Ready::isInstall)
                    .thenComparing(ready -> ready.owner().isEmpty())
                    .thenComparing(Comparator.comparingInt(Ready::priority).reversed())
                    .thenComparing(Ready::age)
                    .thenComparing(ready -> ready.slot().ref);

    private final VNodeSettings settings;
    private final BaseWatch watch;
    private final Slots slots;
    private final Failures failures;
    private final Baseline baseline;
    private final List<Ready> ready = new ArrayList<>();

    Departures(
            VNodeSettings settings,
            BaseWatch watch,
            Slots slots,
            Failures failures,
            Baseline baseline) {
        this.settings = settings;
        this.watch = watch;
        this.slots = slots;
        this.failures = failures;
        this.baseline = baseline;
    }

    void add(Ready command) {
        ready.add(command);
    }

    /**
     * @param wanted some Pod asks for a module
     * @param fence nothing may leave at or after this instant
     */
    void leave(boolean wanted, long fence, Outbox out, Moment now) {
        ready.sort(ORDER);
        List<Ready> installs = ready.stream().filter(Ready::isInstall).toList();
        switch (baseline.decide(installs, wanted, now)) {
            case Baseline.Decision.Singly() -> ready.forEach(r -> single(r, fence, out, now));
            case Baseline.Decision.Ask() -> {
                Duration deadline = settings.times().queryDeadline();
                out.add(send(new Command.QueryCommands(), deadline, fence));
                uninstalls(fence, out, now);
            }
            case Baseline.Decision.Hold(long until) -> {
                out.wake(until);
                uninstalls(fence, out, now);
            }
            case Baseline.Decision.Together(List<Ready> batch) -> {
                uninstalls(fence, out, now);
                together(batch, fence, out, now);
            }
        }
        ready.clear();
    }

    private void uninstalls(long fence, Outbox out, Moment now) {
        ready.stream().filter(r -> !r.isInstall()).forEach(r -> single(r, fence, out, now));
    }

    private void single(Ready command, long fence, Outbox out, Moment now) {
        int most = Math.min(settings.limits().unanswered(), watch.commandsAtOnce());
        if (slots.occupied() >= most) {
            return;
        }
        Duration deadline = settings.times().deadline(command.command().operation());
        if (sent(command, deadline, now)) {
            baseline.sent(command.command().operation());
            out.add(send(command.command(), deadline, fence));
        }
    }

    private void together(List<Ready> batch, long fence, Outbox out, Moment now) {
        int rounds = Math.ceilDiv(Math.max(1, batch.size()), settings.limits().unanswered());
        Duration deadline = settings.times().installDeadline().multipliedBy(rounds);
        List<Command.Install> installs = new ArrayList<>();
        for (Ready install : batch) {
            if (install.command() instanceof Command.Install command
                    && sent(install, deadline, now)) {
                installs.add(command);
            }
        }
        Command.InstallAll command = new Command.InstallAll(installs);
        baseline.sent(command);
        out.add(send(command, deadline, fence));
    }

    /** False for one that the base could not bear after those that left just now. */
    private boolean sent(Ready command, Duration deadline, Moment now) {
        if (command.isInstall()) {
            if (!failures.mayReinstall(command.slot().ref, watch.health(), now)) {
                return false;
            }
            failures.installSent(command.slot().ref, watch.health(), now);
        }
        command.slot()
                .sent(command.command().operation(), command.entry().urlHash(), deadline, now);
        return true;
    }

    private Effect send(Command command, Duration deadline, long fence) {
        return new Effect.Send(watch.tunnel(), command, deadline, fence);
    }
}
