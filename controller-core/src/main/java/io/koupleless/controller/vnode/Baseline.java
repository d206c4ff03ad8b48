package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a process of a base that runs nothing yet is given first: all at once, if it can take that.
 *
 * <p>It can if its {@code help} says so, and where bases do not answer {@code help}, over MQTT, if
 * it has asked for its baseline; that question is answered even when there is nothing to give. Each
 * process gets one batch at most: two would exclude each other, and what one left undone is done
 * singly, which also tells why.
 */
final class Baseline {
    /** What becomes of the installs that are ready. */
    sealed interface Decision {
        record Singly() implements Decision {}

        /** Ask for {@code help} first. */
        record Ask() implements Decision {}

        /** Its answer is still to come. */
        record Hold(long until) implements Decision {}

        record Together(List<Departures.Ready> installs) implements Decision {}
    }

    private enum Offer {
        UNKNOWN,
        ASKED_FOR,
        TAKEN,
        DECLINED
    }

    private final Duration queryDeadline;
    private boolean fresh = true;
    private boolean asked;
    private Offer offer = Offer.UNKNOWN;
    private long answerBy;
    private final Map<String, ModuleRef> underWay = new LinkedHashMap<>();

    Baseline(VNodeSettings.Times times) {
        this.queryDeadline = times.queryDeadline();
    }

    /** Another process of the base answers; it may have asked before we knew. */
    void baseRestarted() {
        fresh = true;
        offer = Offer.UNKNOWN;
        underWay.clear();
    }

    /** The base asked for its baseline. */
    void asked() {
        asked = true;
    }

    /** It may still be given what Pods ask for that are still to come. */
    boolean isFresh() {
        return fresh;
    }

    void listed(ModuleList list) {
        fresh &= list.modules().isEmpty();
    }

    void commandsReported(boolean batches) {
        offer = batches ? Offer.TAKEN : Offer.DECLINED;
        asked = false;
    }

    /** Nobody answers {@code help} over this transport. */
    void helpRefused() {
        offer = asked ? Offer.TAKEN : Offer.DECLINED;
    }

    void helpFailed() {
        offer = Offer.DECLINED;
    }

    /** Takes the modules of the batch that was answered, by URL as sent. */
    Map<String, ModuleRef> answered() {
        Map<String, ModuleRef> batch = new LinkedHashMap<>(underWay);
        underWay.clear();
        return batch;
    }

    /** A command left by itself. */
    void sent(Operation operation) {
        fresh &= operation != Operation.INSTALL;
    }

    void sent(Command.InstallAll batch) {
        fresh = false;
        asked = false;
        batch.installs().forEach(i -> underWay.put(i.url().toString(), i.ref()));
    }

    /**
     * @param installs that are ready, in order
     * @param wanted some Pod asks for a module, ready or not
     */
    Decision decide(List<Departures.Ready> installs, boolean wanted, Moment now) {
        boolean nothing = asked && !wanted;
        if (!fresh || (installs.size() < 2 && !nothing && !(asked && !installs.isEmpty()))) {
            return new Decision.Singly();
        }
        return switch (offer) {
            case UNKNOWN -> {
                offer = Offer.ASKED_FOR;
                answerBy = now.plus(queryDeadline);
                yield new Decision.Ask();
            }
            case ASKED_FOR -> {
                if (now.reached(answerBy)) {
                    offer = Offer.DECLINED;
                    yield new Decision.Singly();
                }
                yield new Decision.Hold(answerBy);
            }
            case TAKEN -> new Decision.Together(ofDistinctUrls(installs));
            case DECLINED -> new Decision.Singly();
        };
    }

    /** Of two with one URL the base would see only one. */
    private static List<Departures.Ready> ofDistinctUrls(List<Departures.Ready> installs) {
        Set<String> urls = new HashSet<>();
        List<Departures.Ready> distinct = new ArrayList<>();
        for (Departures.Ready ready : installs) {
            if (ready.command() instanceof Command.Install install
                    && urls.add(install.url().toString())) {
                distinct.add(ready);
            }
        }
        return distinct;
    }
}
