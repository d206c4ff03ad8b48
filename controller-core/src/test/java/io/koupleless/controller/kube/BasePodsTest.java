package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.discovery.BaseSourceListener;
import io.koupleless.controller.discovery.FoundBase;
import io.koupleless.controller.pod.PodRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BasePodsTest {
    private static final Instant OLD = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant NEW = OLD.plusSeconds(60);

    private final List<String> told = new ArrayList<>();
    private final BasePods pods =
            new BasePods(
                    new BaseSourceListener() {
                        @Override
                        public void found(FoundBase base) {
                            told.add("found " + base.address() + " " + base.name());
                        }

                        @Override
                        public void leaving(BaseAddress address) {
                            told.add("leaving " + address);
                        }

                        @Override
                        public void gone(BaseAddress address) {
                            told.add("gone " + address);
                        }

                        @Override
                        public void lost(BaseAddress address) {
                            told.add("lost " + address);
                        }
                    });

    private static FoundBase base(String ip, int port, String name) {
        return new FoundBase(new BaseAddress(ip, port), name, "", "", "");
    }

    private void see(String uid, Instant created, BasePod.State state) {
        pods.seen(new BasePod(new PodRef("ns", "pod-" + uid, uid), created, state));
    }

    private static BasePod.State serving(String ip) {
        return new BasePod.Serving(base(ip, 1, "n"));
    }

    private static BasePod.State leaving(String ip) {
        return new BasePod.Leaving(base(ip, 1, "n"));
    }

    @Test
    void aLifeIsToldInThreeWords() {
        see("a", OLD, new BasePod.Nowhere());
        see("a", OLD, serving("x"));
        see("a", OLD, serving("x"));
        see("a", OLD, leaving("x"));
        see("a", OLD, leaving("x"));
        see("a", OLD, new BasePod.Ended());
        pods.ended("a", BasePods.End.GONE);

        assertThat(told).containsExactly("found x:1 n", "leaving x:1", "gone x:1");
    }

    @Test
    void anotherDescriptionIsToldButNotOfOneThatLeaves() {
        see("a", OLD, serving("x"));
        see("a", OLD, new BasePod.Serving(base("x", 1, "other")));
        see("a", OLD, leaving("x"));
        see("a", OLD, new BasePod.Leaving(base("x", 1, "third")));

        assertThat(told).containsExactly("found x:1 n", "found x:1 other", "leaving x:1");
    }

    @Test
    void withAnotherIpTheOldOneIsGoneFirst() {
        see("a", OLD, serving("x"));
        see("a", OLD, serving("y"));

        assertThat(told).containsExactly("found x:1 n", "gone x:1", "found y:1 n");
    }

    @Test
    void atAnotherPortOfItsIpTheProcessMayLiveOn() {
        see("a", OLD, serving("x"));
        see("a", OLD, new BasePod.Serving(base("x", 2, "n")));

        assertThat(told).containsExactly("found x:1 n", "lost x:1", "found x:2 n");
    }

    @Test
    void twoPortsOfAnIpAreTwoBases() {
        see("a", OLD, serving("x"));
        see("b", OLD, new BasePod.Serving(base("x", 2, "m")));
        pods.ended("a", BasePods.End.GONE);

        assertThat(told).containsExactly("found x:1 n", "found x:2 m", "gone x:1");
    }

    @Test
    void theEndOfTheOldPodDoesNotHurtTheNewOneAtItsAddress() {
        see("a", OLD, serving("x"));
        see("a", OLD, leaving("x"));
        see("b", NEW, serving("x"));
        told.clear();

        see("a", OLD, new BasePod.Ended());
        pods.ended("a", BasePods.End.GONE);
        see("b", NEW, serving("x"));

        assertThat(told).isEmpty();
    }

    @Test
    void aNewPodAtTheAddressEndsTheOldOne() {
        see("a", OLD, serving("x"));
        see("b", NEW, serving("x"));
        see("a", OLD, serving("x"));

        assertThat(told).containsExactly("found x:1 n", "gone x:1", "found x:1 n");
    }

    @Test
    void anAddressThatWasClaimedTooEarlyIsFoundOnceItIsFree() {
        see("young", NEW, serving("x"));
        see("old", OLD, serving("x"));
        assertThat(told).containsExactly("found x:1 n");
        told.clear();

        see("young", NEW, serving("y"));

        assertThat(told).containsExactly("gone x:1", "found x:1 n", "found y:1 n");
    }

    @Test
    void onePodThatTerminatesGivesWayToOneThatDoesNot() {
        see("young", NEW, leaving("x"));
        see("old", OLD, serving("x"));

        assertThat(told).containsExactly("leaving x:1", "gone x:1", "found x:1 n");
    }

    @Test
    void onePodThatTerminatesAtTheStartIsLeavingAtOnce() {
        see("a", OLD, leaving("x"));
        pods.ended("a", BasePods.End.GONE);

        assertThat(told).containsExactly("leaving x:1", "gone x:1");
    }

    @Test
    void whatIsNoBaseAnyMoreIsLost() {
        see("a", OLD, serving("x"));
        see("a", OLD, new BasePod.Nowhere());
        see("b", OLD, serving("y"));
        see("b", OLD, new BasePod.OfModules());
        see("c", OLD, serving("z"));
        see("c", OLD, new BasePod.Unclear("why"));
        see("c", OLD, new BasePod.Unclear("why"));

        assertThat(told).filteredOn(word -> word.startsWith("lost")).hasSize(3);
        assertThat(told).hasSize(6);
    }

    @Test
    void onlyAPodThatWasFoundIsLookedFor() {
        see("a", OLD, new BasePod.Nowhere());

        assertThat(pods.doubt("a")).isFalse();
        assertThat(pods.doubt("never-seen")).isFalse();
    }

    @Test
    void whatIsFoundOutAboutAnUnseenPodIsTold() {
        see("a", OLD, serving("x"));
        see("b", OLD, serving("y"));
        assertThat(pods.doubt("a")).isTrue();
        assertThat(pods.doubt("b")).isTrue();
        told.clear();

        pods.judged("a", BasePods.End.GONE);
        pods.judged("b", BasePods.End.LOST);
        pods.judged("b", BasePods.End.GONE);

        assertThat(told).containsExactly("gone x:1", "lost y:1");
    }

    @Test
    void aPodThatIsSeenAgainMeanwhileStays() {
        see("a", OLD, serving("x"));
        assertThat(pods.doubt("a")).isTrue();
        see("a", OLD, serving("x"));

        pods.judged("a", BasePods.End.LOST);

        assertThat(told).containsExactly("found x:1 n");
    }

    @Test
    void theAddressOfAnUnseenPodMayBeTakenBeforeSomebodyLooked() {
        see("a", OLD, serving("x"));
        assertThat(pods.doubt("a")).isTrue();
        see("b", NEW, serving("x"));
        told.clear();

        pods.judged("a", BasePods.End.GONE);

        assertThat(told).isEmpty();
    }
}
