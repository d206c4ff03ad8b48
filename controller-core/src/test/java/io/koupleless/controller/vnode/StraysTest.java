package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With the default grace of ten minutes. */
class StraysTest {
    private final Pods pods = new Pods(At.TIMES, At.seconds(0));

    private static Strays strays(VNodeSettings.Orphans policy) {
        return new Strays(
                new VNodeSettings(
                        "me",
                        "test",
                        At.TIMES,
                        VNodeSettings.Limits.defaults(),
                        VNodeSettings.Nodes.defaults(),
                        VNodeSettings.Metaspace.defaults(),
                        policy,
                        VNodeSettings.Probing.defaults(),
                        VNodeSettings.BaseStart.defaults()));
    }

    private void listed(double askedAt, ModulePod... found) {
        pods.reconcile(new Outbox(), At.seconds(askedAt));
        pods.listed(List.of(found), At.seconds(askedAt + 0.1));
    }

    private static ModulePod pod(boolean terminating) {
        ModuleContainer.Module module =
                new ModuleContainer.Module(At.BIZ, URI.create("http://repo/x.jar"), "hash");
        return new ModulePod(
                new PodRef("default", "p", "uid"),
                "node",
                false,
                "1",
                At.WALL,
                0,
                terminating,
                "",
                ModulePod.RestartPolicy.ALWAYS,
                List.of(),
                List.of(new ModuleContainer("biz1", "http://repo/x.jar", module)),
                PodStatus.NONE);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"UNINSTALL_OURS", "LEAVE"},
            value = VNodeSettings.Orphans.class)
    void otherPoliciesKnowNone(VNodeSettings.Orphans policy) {
        assertThat(strays(policy).of(Set.of(At.BIZ), At.seconds(0))).isEmpty();
    }

    @Test
    void goesAfterItsGraceAndALiveListOfPods() {
        Strays strays = strays(VNodeSettings.Orphans.UNINSTALL);
        assertThat(strays.of(Set.of(At.BIZ), At.seconds(0))).containsExactly(At.BIZ);
        assertThat(strays.nextLook(At.seconds(0))).isEqualTo(At.nanos(600));

        listed(599);
        assertThat(strays.over(At.BIZ, pods, At.seconds(601))).isFalse();

        listed(900);
        assertThat(strays.over(At.BIZ, pods, At.seconds(901))).isTrue();
    }

    @Test
    void aPodThatTheCacheDoesNotKnowKeepsIt() {
        Strays strays = strays(VNodeSettings.Orphans.UNINSTALL);
        strays.of(Set.of(At.BIZ), At.seconds(0));

        listed(601, pod(false));
        assertThat(strays.over(At.BIZ, pods, At.seconds(602))).isFalse();

        listed(662, pod(true));
        assertThat(strays.over(At.BIZ, pods, At.seconds(663))).isTrue();
    }

    @Test
    void whatSomebodyAskedForMeanwhileBeginsAnew() {
        Strays strays = strays(VNodeSettings.Orphans.UNINSTALL);
        strays.of(Set.of(At.BIZ), At.seconds(0));
        strays.of(Set.of(), At.seconds(300));
        strays.of(Set.of(At.BIZ), At.seconds(500));

        listed(700);

        assertThat(strays.over(At.BIZ, pods, At.seconds(701))).isFalse();
    }
}
