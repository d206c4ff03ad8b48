package io.koupleless.controller.fleet;

import io.koupleless.controller.probe.Prober;
import io.koupleless.controller.vnode.Moment;
import io.koupleless.controller.work.Ticker;
import io.koupleless.controller.work.Timers;
import java.time.Clock;
import java.util.concurrent.Executor;

/** What every running node shares. */
interface Surroundings {
    Executor workers();

    /** Runs what people are told: it comes after all that bases and Pods wait for. */
    Executor telling();

    Timers timers();

    Ticker ticker();

    Clock clock();

    EffectRunner kube();

    Links links();

    Prober prober();

    FleetMetrics metrics();

    /** This node is over. */
    void retired(RunningNode node);

    /** A step of this node threw: it has stopped and has to be built anew. */
    void failed(RunningNode node);

    default Moment now() {
        return new Moment(ticker().nanos(), clock().instant());
    }
}
