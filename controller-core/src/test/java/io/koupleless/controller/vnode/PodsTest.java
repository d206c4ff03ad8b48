package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** With the default period of five minutes. */
class PodsTest {
    private static final PodRef REF = new PodRef("default", "p", "uid");

    private static final ModuleContainer.Module MODULE =
            new ModuleContainer.Module(At.BIZ, URI.create("http://repo/x.jar"), "hash");

    private final Pods pods = new Pods(At.TIMES, At.seconds(0));

    private static final ModuleEntry ENTRY =
            new ModuleEntry(At.BIZ, At.BIZ, EntryState.INSTALLED, REF, "", "hash", At.WALL);

    private static ModulePod pod(boolean labelled, String version) {
        return new ModulePod(
                REF,
                "node",
                labelled,
                version,
                At.WALL,
                0,
                false,
                "",
                ModulePod.RestartPolicy.ALWAYS,
                List.of(),
                List.of(new ModuleContainer("biz1", "http://repo/x.jar", MODULE)),
                PodStatus.NONE);
    }

    private List<Effect> reads(double seconds) {
        Outbox out = new Outbox();
        pods.reconcile(out, At.seconds(seconds));
        return out.effects();
    }

    @Test
    void aPodThatIsSeenUnchangedIsNoNews() {
        assertThat(pods.seen(pod(true, "1"), At.seconds(1))).isTrue();
        assertThat(pods.seen(pod(true, "2"), At.seconds(2))).isFalse();

        pods.gone(REF);
        assertThat(pods.seen(pod(true, "3"), At.seconds(3))).isFalse();
    }

    @Test
    void aPodThatLostItsLabelAfterTheLastListIsLookedAtWithinAMinute() {
        pods.seen(pod(true, "1"), At.seconds(1));
        assertThat(reads(60)).containsExactly(new Effect.ReadPods());
        pods.listed(List.of(pod(true, "1")), At.seconds(60.1));
        pods.unseen(REF);
        assertThat(reads(61)).containsExactly(new Effect.ReadPod(REF));
        pods.read(REF, Optional.of(pod(false, "2")), At.seconds(61.1));

        assertThat(reads(62)).isEmpty();
        assertThat(reads(122)).containsExactly(new Effect.ReadPods());
    }

    @Test
    void whomTheRecordNamesAsAnOwnerAsksForTheModuleThoughAListFoundItWithoutLabel() {
        pods.listed(List.of(pod(false, "1")), At.seconds(1));
        assertThat(pods.claims(Optional.empty())).isEmpty();

        pods.remember(List.of(ENTRY));

        assertThat(pods.owner(Optional.of(ENTRY), At.seconds(1))).isEqualTo(KeyView.Owner.LIVING);
        assertThat(pods.claims(Optional.empty())).containsKey(At.BIZ);
    }

    @Test
    void askingWhereAnOwnerIsChangesNothing() {
        pods.listed(List.of(pod(false, "1")), At.seconds(1));

        pods.owner(Optional.of(ENTRY), At.seconds(1));

        assertThat(pods.claims(Optional.empty())).isEmpty();
    }

    @Test
    void aListThatSomebodyWaitsForIsAskedForAtOnceAndAfterAFailureNotWithoutAPause() {
        pods.listSince(At.nanos(5), At.seconds(10));
        assertThat(reads(10)).containsExactly(new Effect.ReadPods());

        pods.listFailed(At.seconds(10.1));
        pods.listSince(At.nanos(5), At.seconds(10.1));
        assertThat(reads(10.2)).isEmpty();
        assertThat(reads(11.1)).containsExactly(new Effect.ReadPods());

        pods.listed(List.of(), At.seconds(11.2));
        pods.listSince(At.nanos(5), At.seconds(12));
        assertThat(reads(12)).as("that list is late enough").isEmpty();
    }
}
