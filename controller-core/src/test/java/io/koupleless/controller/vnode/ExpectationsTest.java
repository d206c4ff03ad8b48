package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.node.Taint;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.workload.Placement;
import io.koupleless.controller.workload.Workload;
import io.koupleless.controller.workload.WorkloadRef;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is waited for on a Node, and for how long. */
class ExpectationsTest {
    private static final ModuleEntry NOBODYS =
            new ModuleEntry(
                    At.BIZ, At.BIZ, EntryState.INSTALLED, PodRef.NOBODY, "", "url", At.WALL);
    private static final Duration ORPHAN_GRACE = At.TIMES.orphanGrace();

    private final Expectations expectations =
            new Expectations(
                    new VNodeSettings("me", "test", At.TIMES, VNodeSettings.Limits.defaults()));
    private final Pods pods = new Pods(At.TIMES, At.seconds(0));

    private static Workload workload(String name, int age, String cluster, ModuleRef ref) {
        return new Workload(
                Workload.Kind.DAEMON_SET,
                new WorkloadRef("default", name, "uid of " + name),
                "1",
                At.WALL.plusSeconds(age),
                0,
                new Placement("", Map.of("cluster", cluster), Optional.empty(), List.of()),
                List.of(
                        new ModuleContainer.Module(
                                ref, URI.create("http://repo/" + name + ".jar"), name)));
    }

    private static Optional<ObservedNode> node(String cluster) {
        return Optional.of(
                new ObservedNode(
                        "vnode.b.test",
                        "node-1",
                        "1",
                        Map.of("cluster", cluster),
                        Map.of(),
                        List.of(),
                        new NodeStatus(List.of(), Map.of(), Map.of(), "")));
    }

    private void lists(double asked, ModulePod... found) {
        Outbox out = new Outbox();
        pods.reconcile(out, At.seconds(asked));
        assertThat(out.effects()).contains(new Effect.ReadPods());
        pods.listed(List.of(found), At.seconds(asked + 0.1));
    }

    private KeyView.Owner owner(double at) {
        return expectations.owner(NOBODYS, pods, At.seconds(at));
    }

    @Test
    void onlyWhatMatchesTheNodeIsExpected() {
        ModuleRef other = new ModuleRef("biz2", "1.0.0");
        expectations.seen(
                List.of(workload("a", 0, "c", At.BIZ), workload("b", 0, "elsewhere", other)));
        expectations.look(node("c"));

        assertThat(expectations.keys()).containsExactly(At.BIZ);
        assertThat(expectations.workloads()).extracting(w -> w.ref().name()).containsExactly("a");
    }

    /** As the API server taints each Node that is created. */
    @Test
    void aNodeThatIsNotReadyYetIsMatchedAsIfItWere() {
        ObservedNode node = node("c").orElseThrow();
        expectations.seen(List.of(workload("a", 0, "c", At.BIZ)));

        expectations.look(
                Optional.of(
                        new ObservedNode(
                                node.name(),
                                node.uid(),
                                "2",
                                node.labels(),
                                Map.of(),
                                List.of(
                                        new Taint(
                                                "node.kubernetes.io/not-ready",
                                                "",
                                                Taint.NO_SCHEDULE)),
                                node.status())));

        assertThat(expectations.keys()).containsExactly(At.BIZ);
    }

    @Test
    void ofTwoWorkloadsThatWantTheSameTheOlderCounts() {
        expectations.seen(
                List.of(workload("young", 5, "c", At.BIZ), workload("old", 1, "c", At.BIZ)));
        expectations.look(node("c"));

        assertThat(expectations.of(At.BIZ).map(ModuleContainer.Module::urlHash)).contains("old");
    }

    @Test
    void aNodeThatChangesIsMatchedAnew() {
        expectations.seen(List.of(workload("a", 0, "c", At.BIZ)));
        expectations.look(node("elsewhere"));
        assertThat(expectations.keys()).isEmpty();

        expectations.look(node("c"));

        assertThat(expectations.keys()).containsExactly(At.BIZ);
    }

    @Test
    void nothingIsSettledBeforeTheNodeIsKnownUnlessNothingIsWanted() {
        assertThat(expectations.settled()).as("nobody watches workloads").isTrue();
        expectations.seen(List.of());
        assertThat(expectations.settled()).isTrue();
        expectations.seen(List.of(workload("a", 0, "c", At.BIZ)));
        assertThat(expectations.settled()).isFalse();

        expectations.look(node("c"));

        assertThat(expectations.settled()).isTrue();
    }

    @Test
    void aPodThatIsWantedIsAwaitedAsLongAsAnOwnerThatVanished() {
        expectations.seen(List.of(workload("a", 0, "c", At.BIZ)));
        expectations.look(node("c"));
        double over = ORPHAN_GRACE.toSeconds();
        assertThat(owner(0)).isEqualTo(KeyView.Owner.AWAITED);
        assertThat(expectations.nextLook(NOBODYS, At.seconds(0))).isEqualTo(At.nanos(over));

        lists(over - 1);
        assertThat(owner(over + 1)).as("a list of before").isEqualTo(KeyView.Owner.AWAITED);

        lists(over + 70);
        assertThat(owner(over + 71)).isEqualTo(KeyView.Owner.NEVER_CAME);
    }

    @Test
    void onceNoWorkloadWantsItTheWaitIsShort() {
        expectations.seen(List.of(workload("a", 0, "c", At.BIZ)));
        expectations.look(node("c"));
        assertThat(owner(0)).isEqualTo(KeyView.Owner.AWAITED);
        expectations.seen(List.of());
        expectations.look(node("c"));
        assertThat(owner(100)).isEqualTo(KeyView.Owner.AWAITED);

        lists(161);

        assertThat(owner(159)).isEqualTo(KeyView.Owner.AWAITED);
        assertThat(owner(162)).isEqualTo(KeyView.Owner.NEVER_CAME);
    }

    @Test
    void aWorkloadThatComesBackIsWaitedForAgain() {
        expectations.seen(List.of());
        expectations.look(node("c"));
        owner(0);
        expectations.seen(List.of(workload("a", 0, "c", At.BIZ)));
        expectations.look(node("c"));
        lists(100);

        assertThat(owner(101)).isEqualTo(KeyView.Owner.AWAITED);
    }

    @Test
    void aPodThatOnlyTheListShowsIsNotMissed() {
        expectations.seen(List.of());
        expectations.look(node("c"));
        owner(0);

        lists(100, pod());

        assertThat(owner(101)).isEqualTo(KeyView.Owner.AWAITED);
    }

    @Test
    void whatNobodyWatchesIsAwaitedToo() {
        assertThat(owner(0)).isEqualTo(KeyView.Owner.AWAITED);
        lists(200);

        assertThat(owner(201)).isEqualTo(KeyView.Owner.AWAITED);
    }

    private static ModulePod pod() {
        ModuleContainer.Module module =
                new ModuleContainer.Module(At.BIZ, URI.create("http://repo/x.jar"), "url");
        return new ModulePod(
                new PodRef("default", "p", "uid"),
                "vnode.b.test",
                true,
                "1",
                At.WALL,
                0,
                false,
                "",
                ModulePod.RestartPolicy.ALWAYS,
                List.of(),
                List.of(new ModuleContainer("biz1", "http://repo/x.jar", module)),
                PodStatus.NONE);
    }
}
