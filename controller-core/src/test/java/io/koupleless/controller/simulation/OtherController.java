package io.koupleless.controller.simulation;

import io.koupleless.controller.lease.ObservedLease;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Another replica: takes the Lease that lapsed, works a little under it, and dies. */
final class OtherController {
    static final String IDENTITY = "controller-2";

    private static final long DURATION = 40_000;

    private final Simulation world;
    private final Chance chance;
    private String version = "";
    private long versionSince;
    private long renewals;
    private boolean over;

    OtherController(Simulation world) {
        this.world = world;
        this.chance = world.oddities;
    }

    void start() {
        look();
        long first = chance.between(40_000, 250_000);
        world.time.after(first, this::cutOff);
    }

    void end() {
        over = true;
    }

    /** Our own controller does not reach the API server; this one does. */
    private void cutOff() {
        if (!over) {
            world.story.tell("world", "API server away for us");
            world.apiDown(true);
            world.time.after(chance.between(45_000, 90_000), () -> world.apiDown(false));
        }
    }

    private void look() {
        if (over) {
            return;
        }
        world.api.lease().ifPresent(this::consider);
        world.time.after(1_000, this::look);
    }

    private void consider(ObservedLease lease) {
        if (!lease.resourceVersion().equals(version)) {
            version = lease.resourceVersion();
            versionSince = world.time.millis();
        }
        boolean ours = lease.holder().equals(IDENTITY);
        long quiet = world.time.millis() - versionSince;
        if (ours && renewals > 0 && quiet >= 10_000) {
            renewals--;
            write(lease, lease.transitions());
            work();
        } else if (!ours && quiet >= DURATION) {
            world.story.tell("other", "takes the Lease");
            renewals = chance.between(0, 4);
            write(lease, lease.transitions() + 1);
            BaseRecord record = world.api.record();
            world.api.recordOfOther(record.withGeneration(lease.transitions() + 1));
        }
    }

    private void write(ObservedLease lease, int transitions) {
        world.api.leaseOfOther(
                new ObservedLease(
                        world.api.nextVersion(),
                        IDENTITY,
                        Optional.of(world.time.now().wall()),
                        Duration.ofMillis(DURATION),
                        transitions));
        world.invariants.otherRenewed();
    }

    /** Installs what some Pod asks for, and records it. */
    private void work() {
        if (!world.base.up()) {
            return;
        }
        recordRestart();
        for (ModulePod pod : world.api.pods()) {
            if (pod.labelled() && Pods.lives(pod)) {
                Pods.wanted(pod)
                        .filter(m -> missing(m.ref(), m.url().toString()))
                        .findFirst()
                        .ifPresent(m -> {
                            world.story.tell("other", "installs", m.ref(), "for", pod.ref());
                            world.base.foreign(m.ref(), m.url().toString());
                            record(pod, m.ref(), m.urlHash(), m.url().toString());
                        });
            }
        }
    }

    private void recordRestart() {
        Duration age = Duration.ofNanos(world.time.nanos() - world.base.startedAt());
        Instant start = world.time.now().wall().minus(age);
        Optional<Instant> recorded = world.api.record().processStart();
        boolean same =
                recorded.map(then -> Duration.between(then, start).abs())
                        .filter(difference -> difference.compareTo(Duration.ofSeconds(5)) <= 0)
                        .isPresent();
        if (!same) {
            BaseRecord before = world.api.record();
            BaseRecord after = before.restartedAt(start);
            for (ModuleEntry entry : before.modules().values()) {
                boolean since = !entry.sentAt().isBefore(start);
                after = since ? after.with(entry) : after;
            }
            world.api.recordOfOther(after);
        }
    }

    private boolean missing(ModuleRef ref, String url) {
        return !ref.equals(ModelBase.MASTER)
                && !world.base.modules().containsKey(ref)
                && !world.base.modules().containsKey(Jars.manifest(ref, url))
                && !world.api.record().modules().containsKey(ref);
    }

    private void record(ModulePod pod, ModuleRef ref, String urlHash, String url) {
        ModuleEntry entry =
                new ModuleEntry(
                        ref,
                        Jars.manifest(ref, url),
                        EntryState.INSTALLED,
                        pod.ref(),
                        pod.revision(),
                        urlHash,
                        world.time.now().wall());
        world.api.recordOfOther(world.api.record().with(entry));
    }
}
