package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodViewTest {
    private final List<String> told = new ArrayList<>();
    private final PodView view =
            new PodView(
                    List.of("one", "two"),
                    new PodListener() {
                        @Override
                        public void podSeen(ModulePod pod) {
                            told.add("seen " + pod.ref().name() + "@" + pod.resourceVersion());
                        }

                        @Override
                        public void podUnseen(String node, PodRef pod, String version) {
                            told.add("unseen " + pod.name() + "@" + version + " on " + node);
                        }

                        @Override
                        public void synced() {
                            told.add("synced");
                        }
                    });

    private static ModulePod pod(String name, String node, int version) {
        return new ModulePod(
                new PodRef("ns", name, "uid-" + name),
                node,
                true,
                Integer.toString(version),
                Instant.EPOCH,
                0,
                false,
                "",
                ModulePod.RestartPolicy.ALWAYS,
                List.of(),
                List.of(),
                PodStatus.NONE);
    }

    @Test
    void aPodSeenByTwoIsGoneWhenNeitherSeesIt() {
        view.seen("one", pod("a", "n", 1));
        view.seen("two", pod("a", "n", 1));
        view.unseen("one", pod("a", "n", 2));
        assertThat(view.podsOn("n")).hasSize(1);

        view.unseen("two", pod("a", "n", 3));

        assertThat(told).containsExactly("seen a@1", "unseen a@3 on n");
        assertThat(view.podsOn("n")).isEmpty();
    }

    @Test
    void theSlowerOfTwoInformersBringsNoOldNews() {
        view.seen("one", pod("a", "n", 9));
        view.seen("two", pod("a", "n", 8));
        view.seen("two", pod("a", "n", 10));

        assertThat(told).containsExactly("seen a@9", "seen a@10");
        assertThat(view.podsOn("n")).extracting(ModulePod::resourceVersion).containsExactly("10");
    }

    @Test
    void aPodOfNoNodeIsNobodys() {
        view.seen("one", pod("a", "", 1));
        view.unseen("one", pod("a", "", 2));

        assertThat(told).isEmpty();
    }

    @Test
    void bothMustBeSynced() {
        view.synced("one");
        assertThat(view.synced()).isFalse();

        view.synced("two");

        assertThat(view.synced()).isTrue();
        assertThat(told).containsExactly("synced");
    }

    @Test
    void whatIsReplayedIsOfThatNodeAlone() {
        view.seen("one", pod("a", "n", 1));
        view.seen("one", pod("b", "m", 2));
        told.clear();

        view.replay("m");

        assertThat(told).containsExactly("seen b@2");
    }
}
