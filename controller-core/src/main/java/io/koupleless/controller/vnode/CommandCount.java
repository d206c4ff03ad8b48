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
    /** A command that was sent, and when its answer is due. */
    record Flight(Operation operation, long sentAt, long deadline) {
        static Flight of(Operation operation, long sentAt, Duration deadline) {
            return new Flight(operation, sentAt, sentAt + deadline.toNanos());
        }

        /** From then on it is not on its way any more, answered or not. */
        long overAt() {
            return deadline + (deadline - sentAt);
        }

        boolean laterThan(@Nullable Flight other) {
            return other == null || sentAt - other.sentAt > 0;
        }
    }

    private final Map<Operation, Integer> unanswered = new EnumMap<>(Operation.class);
    private final Map<Operation, Flight> last = new EnumMap<>(Operation.class);
    private final Map<Operation, Flight> before = new EnumMap<>(Operation.class);
    private @Nullable Flight flight;
    private @Nullable String jar;
    private boolean installLost;

    /** The command that has no answer yet and whose deadline has not passed. */
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
        Flight inherited = Flight.of(operation, sentAt, deadline);
        last.merge(operation, inherited, (ours, theirs) -> theirs.laterThan(ours) ? theirs : ours);
        if (!now.reached(inherited.deadline()) && inherited.laterThan(flight)) {
            flight = inherited;
        }
    }

    void sent(Operation operation, String urlHash, Duration deadline, Moment now) {
        noteJar(operation, urlHash);
        Flight earlier = last.get(operation);
        if (earlier != null && now.reached(earlier.overAt())) {
            // Nobody answers those any more: the next answer is this one's.
            unanswered.remove(operation);
        }
        unanswered.merge(operation, 1, Integer::sum);
        flight = Flight.of(operation, now.nanos(), deadline);
        put(before, operation, last.put(operation, flight));
    }

    private static void put(
            Map<Operation, Flight> flights, Operation operation, @Nullable Flight flight) {
        if (flight == null) {
            flights.remove(operation);
        } else {
            flights.put(operation, flight);
        }
    }

    private void noteJar(Operation operation, String urlHash) {
        if (operation == Operation.INSTALL) {
            jar = urlHash;
        }
    }

    /** The command certainly never left; one before it may still be on its way. */
    void notSent(Operation operation) {
        unanswered.merge(operation, -1, (a, b) -> Math.max(0, a + b));
        put(last, operation, before.remove(operation));
        flight = null;
    }

    /** The same command left shortly before, and nothing opposite since. */
    boolean justSent(Operation operation, Duration pause, Moment now) {
        Flight sent = last.get(operation);
        return sent != null
                && !now.reached(sent.sentAt() + pause.toNanos())
                && sent.laterThan(last.get(opposite(operation)));
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
            Flight sent = last.get(operation);
            if (flight == null
                    && sent != null
                    && now.reached(sent.sentAt() + afterSending.toNanos())) {
                unanswered.remove(operation);
                installLost &= operation != Operation.INSTALL;
            }
        }
    }

    /** Another process of the base: only what was sent after its start is on its way to it. */
    void baseRestarted(long start) {
        for (Operation operation : Operation.values()) {
            Flight sent = last.get(operation);
            if (sent == null || sent.sentAt() - start < 0) {
                unanswered.remove(operation);
                last.remove(operation);
            } else {
                unanswered.computeIfPresent(operation, (o, count) -> Math.min(count, 1));
            }
        }
        before.values().removeIf(sent -> sent.sentAt() - start < 0);
        if (flight != null && flight.sentAt() - start < 0) {
            flight = null;
        }
        installLost = false;
    }

    /**
     * When the last command of this kind can no longer be on its way, answered or not: after two
     * deadlines. Empty when none was sent or all are answered.
     */
    Optional<Long> certainlyOverAt(Operation operation) {
        return unanswered(operation) == 0
                ? Optional.empty()
                : Optional.ofNullable(last.get(operation)).map(Flight::overAt);
    }

    boolean everSent(Operation operation) {
        return last.containsKey(operation);
    }

    static Operation opposite(Operation operation) {
        return operation == Operation.INSTALL ? Operation.UNINSTALL : Operation.INSTALL;
    }
}
