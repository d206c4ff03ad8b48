package io.koupleless.controller.simulation;

import java.util.List;

/** How bad the world is in one run; drawn once, and ended all at once. */
final class Faults {
    final double lostMessages;
    final double repeatedMessages;
    final double lateMessages;
    final double uncertainSends;
    final double failedRequests;
    final double conflicts;
    final long slowestRequest;
    final long slowestWatch;
    final double failingStarts;
    final double failingDownloads;
    final double slowInstalls;
    final double slowUninstalls;
    final double wrongJars;
    final boolean otherController;
    final boolean mqtt;
    final boolean http;
    final boolean beats;
    final double moves;
    final double hungInstalls;
    private boolean over;

    /**
     * @param oddities decides what is rare, so that the rest of a run stays as it was
     * @param ways decides how the base is reached, so that a run over MQTT alone stays as it was
     */
    Faults(Chance chance, Chance oddities, Chance ways) {
        List<Double> rates = List.of(0.0, 0.0, 0.02, 0.1);
        lostMessages = chance.pick(rates);
        repeatedMessages = chance.pick(List.of(0.0, 0.0, 0.0, 0.03));
        lateMessages = chance.pick(rates);
        uncertainSends = chance.pick(rates);
        failedRequests = chance.pick(rates);
        conflicts = chance.pick(List.of(0.0, 0.0, 0.02));
        slowestRequest = chance.pick(List.of(5L, 200L, 3_000L));
        slowestWatch = chance.pick(List.of(5L, 500L, 8_000L));
        failingStarts = chance.pick(List.of(0.0, 0.1, 0.4));
        failingDownloads = chance.pick(List.of(0.0, 0.0, 0.2));
        slowInstalls = chance.pick(List.of(0.0, 0.2, 0.5));
        slowUninstalls = chance.pick(List.of(0.0, 0.2, 0.5));
        wrongJars = oddities.pick(List.of(0.0, 0.0, 0.0, 0.3));
        otherController = oddities.of(0.25);
        long way = ways.between(0, 9);
        mqtt = way < 7;
        http = way >= 4;
        beats = ways.of(0.5);
        moves = http ? ways.pick(List.of(0.0, 0.5)) : 0;
        hungInstalls = http ? ways.pick(List.of(0.0, 0.0, 0.02)) : 0;
    }

    boolean over() {
        return over;
    }

    void end() {
        over = true;
    }

    double now(double rate) {
        return over ? 0 : rate;
    }

    long now(long slowest) {
        return over ? Math.min(slowest, 20) : slowest;
    }
}
