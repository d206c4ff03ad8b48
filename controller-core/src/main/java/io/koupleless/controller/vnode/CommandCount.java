package io.koupleless.controller.vnode;

import io.koupleless.controller.tunnel.Operation;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The commands for one module key on one process of a base: sent, answered, or perhaps still on
 * their way.
 */
final class CommandCount {
    /** A command that has no answer yet and whose deadline has not passed. */
    record Flight(Operation operation, long sentAt, long deadline) {}

    private final Map<Operation, Integer> unanswered = new EnumMap<>(Operation.class);
    private final Map<Operation, Long> lastSent = new EnumMap<>(Operation.class);
    private final Map<Operation, Long> sentBefore = new EnumMap<>(Operation.class);
    private @Nullable Flight flight;
    private @Nullable String jar;
    private boolean installLost;

    Optional<Flight> flight() {
        return Optional.ofNullable(flight);
    }

    int unanswered(Operation operation) {
        return unanswered.getOrDefault(operation, 0);
    }

    int unanswered() {
        return unanswered(Operation.INSTALL) + unanswered(Operation.UNINSTALL);
    }

    /**
     * A worker of the base may be busy with a command for this module: one in flight, or an install
     * that ran into its deadline and whose end nobody has shown, like a download that hangs.
     */
    boolean occupies() {
        return flight != null || installLost;
    }

    /** URL hash of the last install. */
    Optional<String> jar() {
        return Optional.ofNullable(jar);
    }

    /** A command of an earlier process was recorded and may still be on its way. */
    void inherited(
            Operation operation, String urlHash, long sentAt, Duration deadline, Moment now) {
        noteJar(operation, urlHash);
        unanswered.merge(operation, 1, Math::max);
        lastSent.merge(operation, sentAt, (ours, theirs) -> theirs - ours > 0 ? theirs : ours);
        if (!now.reached(sentAt + deadline.toNanos())) {
            flight = new Flight(operation, sentAt, sentAt + deadline.toNanos());
        }
    }

    void sent(Operation operation, String urlHash, Duration deadline, Moment now) {
        noteJar(operation, urlHash);
        unanswered.merge(operation, 1, Integer::sum);
        Long before = lastSent.put(operation, now.nanos());
        if (before == null) {
            sentBefore.remove(operation);
        } else {
            sentBefore.put(operation, before);
        }
        flight = new Flight(operation, now.nanos(), now.plus(deadline));
    }

    private void noteJar(Operation operation, String urlHash) {
        if (operation == Operation.INSTALL) {
            jar = urlHash;
        }
    }

    /** The command certainly never left; one before it may still be on its way. */
    void notSent(Operation operation) {
        unanswered.merge(operation, -1, (a, b) -> Math.max(0, a + b));
        Long before = sentBefore.remove(operation);
        if (before == null) {
            lastSent.remove(operation);
        } else {
            lastSent.put(operation, before);
        }
        flight = null;
    }

    /** The same command left shortly before, and nothing opposite since. */
    boolean justSent(Operation operation, Duration pause, Moment now) {
        Long sent = lastSent.get(operation);
        Long undone = lastSent.get(opposite(operation));
        return sent != null
                && !now.reached(sent + pause.toNanos())
                && (undone == null || undone - sent < 0);
    }

    /** An answer came; true when it can only be the one to the command in flight. */
    boolean answered(Operation operation) {
        int open = unanswered(operation);
        installLost &= operation != Operation.INSTALL;
        unanswered.put(operation, Math.max(0, open - 1));
        boolean current = flight != null && flight.operation() == operation && open <= 1;
        if (current) {
            flight = null;
        }
        return current;
    }

    /**
     * The base runs a command for this module and refused another one. If only one is out, it came
     * twice: it runs, and was refused once.
     *
     * @return true when it can only be the command in flight that was refused
     */
    boolean refusedAsBusy(Operation operation) {
        return unanswered() > 1 && answered(operation);
    }

    /** The command in flight ran into its deadline; true once, when that happens. */
    boolean expire(Moment now) {
        if (flight == null || !now.reached(flight.deadline())) {
            return false;
        }
        installLost |= flight.operation() == Operation.INSTALL;
        flight = null;
        return true;
    }

    /** The base has it, started or not: no install is left that nobody hears of. */
    void installEnded() {
        installLost = false;
    }

    /** An answer will not come any more: nobody waits so long. */
    void forgive(Duration afterSending, Moment now) {
        for (Operation operation : Operation.values()) {
            Long sent = lastSent.get(operation);
            if (flight == null && sent != null && now.reached(sent + afterSending.toNanos())) {
                unanswered.remove(operation);
                installLost &= operation != Operation.INSTALL;
            }
        }
    }

    /** Another process of the base: only what was sent after its start is on its way to it. */
    void baseRestarted(long start) {
        for (Operation operation : Operation.values()) {
            Long sent = lastSent.get(operation);
            if (sent == null || sent - start < 0) {
                unanswered.remove(operation);
                lastSent.remove(operation);
            } else {
                unanswered.computeIfPresent(operation, (o, count) -> Math.min(count, 1));
            }
        }
        sentBefore.values().removeIf(sent -> sent - start < 0);
        if (flight != null && flight.sentAt() - start < 0) {
            flight = null;
        }
        installLost = false;
    }

    /**
     * When the last command of this kind can no longer be on its way, answered or not: after two
     * deadlines. Empty when none was sent or all are answered.
     */
    Optional<Long> certainlyOverAt(Operation operation, Duration deadline) {
        return unanswered(operation) == 0
                ? Optional.empty()
                : Optional.ofNullable(lastSent.get(operation))
                        .map(sent -> sent + 2 * deadline.toNanos());
    }

    boolean everSent(Operation operation) {
        return lastSent.containsKey(operation);
    }

    static Operation opposite(Operation operation) {
        return operation == Operation.INSTALL ? Operation.UNINSTALL : Operation.INSTALL;
    }
}
