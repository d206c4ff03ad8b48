package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.pod.ContainerState;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodOwner;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.pod.PodStatus.Phase;
import io.koupleless.controller.tunnel.Answer;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Operation;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a Pod's spec says, happens; what cannot happen, is said. */
class PodStoriesTest {
    private static final ModuleRef A = new ModuleRef("a", "1");
    private static final ModuleRef B = new ModuleRef("b", "1");
    private static final PodOwner SET = new PodOwner("apps/v1", "ReplicaSet", "shop-5", "rs-5");

    private final Scene scene = new Scene();

    private ContainerState state(String pod, String container) {
        return scene.status(pod).container(container).orElseThrow().state();
    }

    private static Optional<Answer> broken() {
        return Optional.of(new Answer.Failed("failed", "no database", Answer.Failure.MODULE));
    }

    private static String reason(ContainerState state) {
        return switch (state) {
            case ContainerState.Waiting(String reason, String _) -> reason;
            case ContainerState.Terminated ended -> ended.reason();
            case ContainerState.Running _, ContainerState.Unset _ -> "";
        };
    }

    @Test
    void aModuleThatIsThereBeforeItsAnswerIsShownWithinASecond() {
        scene.installsAreNotAnswered();
        scene.put(ScenePod.of("shop", A).made());
        scene.pass(20.5);
        assertThat(scene.status("shop").isTrue(PodCondition.READY)).isFalse();

        scene.modules.put(A, ModuleState.ACTIVATED);
        scene.pass(1.1);

        assertThat(scene.status("shop").isTrue(PodCondition.READY)).isTrue();
        assertThat(scene.count(Operation.INSTALL, A)).isEqualTo(1);
    }

    @Test
    void whileSomethingIsBeingInstalledTheModulesAreAskedForEachSecondAndThenAsUsual() {
        scene.put(ScenePod.of("quick", B).made());
        scene.pass(20);
        int quiet = scene.listsAsked();
        scene.pass(30);
        assertThat(scene.listsAsked() - quiet).as("in 30 s of rest").isBetween(1, 4);

        scene.installsAreNotAnswered();
        scene.put(ScenePod.of("slow", A).made());
        int before = scene.listsAsked();
        scene.pass(30);
        assertThat(scene.listsAsked() - before).as("in 30 s of installing").isBetween(25, 31);

        scene.pass(60); // past the deadline of the install
        int after = scene.listsAsked();
        scene.pass(30);
        assertThat(scene.listsAsked() - after).as("in 30 s after that").isLessThan(10);
    }

    @Test
    void aPodIsOverWhenItsActiveDeadlineHasPassedAndItsModuleGoes() {
        scene.put(ScenePod.of("shop", A).activeFor(Duration.ofSeconds(60)).made());
        scene.pass(50);
        assertThat(scene.status("shop").isTrue(PodCondition.READY)).isTrue();

        scene.pass(15);

        PodStatus over = scene.status("shop");
        assertThat(over.phase()).isEqualTo(Phase.FAILED);
        assertThat(over.reason()).isEqualTo("DeadlineExceeded");
        assertThat(over.isTrue(PodCondition.READY)).isFalse();
        assertThat(reason(state("shop", "a"))).isEqualTo("DeadlineExceeded");
        assertThat(scene.modules).isEmpty();
        assertThat(scene.record().modules()).isEmpty();

        scene.controllerRestarts();
        scene.pass(120);
        assertThat(scene.status("shop")).isEqualTo(over);
        assertThat(scene.count(Operation.INSTALL, A)).isEqualTo(1);
    }

    @Test
    void theActiveDeadlineCountsTimeWithoutUsAndHoldsForWhatNeverStartedToo() {
        scene.installsEnd(_ -> broken());
        scene.put(ScenePod.of("shop", A).activeFor(Duration.ofSeconds(60)).made());
        scene.pass(40);
        scene.controllerRestarts();

        scene.pass(30);

        assertThat(scene.status("shop").phase()).isEqualTo(Phase.FAILED);
        assertThat(scene.status("shop").reason()).isEqualTo("DeadlineExceeded");

        // The install that the record tells of may still be on its way for two deadlines.
        scene.pass(120);
        assertThat(scene.record().modules()).isEmpty();
    }

    @Test
    void eachContainerHasItsOwnStateFailureAndBackOff() {
        scene.installsEnd(ref -> ref.equals(B) ? broken() : Optional.empty());
        scene.put(ScenePod.of("shop", A, B).made());

        scene.pass(65);

        assertThat(state("shop", "a")).isInstanceOf(ContainerState.Running.class);
        assertThat(reason(state("shop", "b"))).isEqualTo(Reason.MODULE_FAILED);
        assertThat(scene.status("shop").container("a").orElseThrow().restartCount()).isZero();
        assertThat(scene.status("shop").container("b").orElseThrow().restartCount()).isEqualTo(2);
        assertThat(scene.status("shop").phase()).isEqualTo(Phase.RUNNING);
        assertThat(scene.status("shop").condition(PodCondition.READY).orElseThrow().message())
                .contains("[b]");
        assertThat(scene.count(Operation.INSTALL, A)).isEqualTo(1);
        assertThat(scene.count(Operation.INSTALL, B)).isEqualTo(3);
        assertThat(scene.count(Operation.UNINSTALL, A)).isZero();

        scene.installsEnd(_ -> Optional.empty());
        scene.pass(60);
        assertThat(scene.status("shop").isTrue(PodCondition.READY)).isTrue();
    }

    @Test
    void whatEndedUnderNeverStaysEndedAndTheOthersRunOn() {
        scene.installsEnd(ref -> ref.equals(B) ? broken() : Optional.empty());
        scene.put(ScenePod.of("once", A, B).never().made());
        scene.pass(30);
        ContainerState ended = state("once", "b");
        assertThat(ended).isInstanceOf(ContainerState.Terminated.class);
        assertThat(state("once", "a")).isInstanceOf(ContainerState.Running.class);
        assertThat(scene.status("once").phase()).isEqualTo(Phase.RUNNING);

        scene.installsEnd(_ -> Optional.empty());
        scene.controllerRestarts();
        scene.pass(600);

        assertThat(state("once", "b")).isEqualTo(ended);
        assertThat(scene.count(Operation.INSTALL, B)).isEqualTo(1);
        assertThat(scene.modules).containsOnlyKeys(A);
        assertThat(scene.record().modules()).containsOnlyKeys(A);
    }

    @Test
    void whatMayHaveBeenWrittenAsOverIsNotRevived() {
        scene.put(ScenePod.of("once", A).never().made());
        scene.pass(20);
        scene.hidesStatusWrites(true);
        scene.baseRestarts();
        scene.pass(45);
        assertThat(scene.status("once").phase()).isEqualTo(Phase.FAILED);

        scene.put(ScenePod.of("next", A).made());
        scene.pass(100);
        assertThat(scene.count(Operation.INSTALL, A)).isEqualTo(2);
        assertThat(scene.status("once").phase()).isEqualTo(Phase.FAILED);

        scene.hidesStatusWrites(false);
        scene.pass(100);
        assertThat(scene.status("once").phase()).isEqualTo(Phase.FAILED);
        assertThat(scene.status("next").isTrue(PodCondition.READY)).isTrue();
    }

    @Test
    void theOldJarIsNotShownAsTheNewOneWhenItCannotBeUninstalled() {
        scene.put(ScenePod.of("shop", A).made());
        scene.pass(20);
        scene.uninstallsEnd(_ -> broken());
        ModulePod old = scene.pod("shop").orElseThrow();
        String url = "http://repo/a-2.jar";
        scene.put(
                ScenePod.at(
                        ScenePod.asking(
                                old,
                                new ModuleContainer(
                                        "a",
                                        url,
                                        new ModuleContainer.Module(A, URI.create(url), "hash 2"))),
                        "90"));

        scene.pass(60);

        assertThat(scene.modules).containsOnlyKeys(A);
        assertThat(scene.status("shop").isTrue(PodCondition.READY)).isFalse();
        assertThat(reason(state("shop", "a"))).isEqualTo(Reason.UNINSTALL_FAILED);

        scene.uninstallsEnd(_ -> Optional.empty());
        scene.pass(60);
        assertThat(scene.status("shop").isTrue(PodCondition.READY)).isTrue();
        assertThat(scene.count(Operation.INSTALL, A)).isEqualTo(2);
    }

    @Test
    void whatIsLostUnderNeverIsOver() {
        scene.put(ScenePod.of("once", A).never().made());
        scene.put(ScenePod.of("other", B).never().made());
        scene.pass(20);

        scene.modules.remove(A);
        scene.pass(45);
        assertThat(scene.status("once").phase()).isEqualTo(Phase.FAILED);
        assertThat(scene.status("once").reason()).isEqualTo(Reason.VANISHED);
        assertThat(scene.status("other").isTrue(PodCondition.READY)).isTrue();

        scene.baseRestarts();
        scene.pass(60);
        assertThat(scene.status("other").phase()).isEqualTo(Phase.FAILED);
        assertThat(scene.status("other").reason()).isEqualTo(Reason.BASE_RESTARTED);
        assertThat(scene.count(Operation.INSTALL, A)).isEqualTo(1);
        assertThat(scene.count(Operation.INSTALL, B)).isEqualTo(1);
        assertThat(scene.record().modules()).isEmpty();
    }

    @Test
    void aJarThatCallsItselfOtherwiseShowsBothNamesAndGoesByItsOwn() {
        ModuleRef own = new ModuleRef("a", "1.0.1");
        scene.installsEnd(_ -> {
            scene.modules.put(own, ModuleState.ACTIVATED);
            return Optional.of(
                    new Answer.Done(List.of(ModuleStatus.of(own, ModuleState.ACTIVATED))));
        });
        scene.put(ScenePod.of("shop", A).made());

        scene.pass(600);

        PodCondition matches =
                scene.status("shop").condition(PodCondition.MANIFEST_MATCHES).orElseThrow();
        assertThat(matches.status()).isFalse();
        assertThat(matches.message()).contains("a:1.0.1", "a:1");
        assertThat(scene.status("shop").isTrue(PodCondition.READY)).isTrue();
        assertThat(scene.words)
                .filteredOn(w -> w.reason().equals(Reason.PARAMETER_INVALID))
                .singleElement()
                .satisfies(w -> assertThat(w.message()).contains("a:1.0.1", "a:1"));
        assertThat(scene.commands).hasSize(1);

        scene.put(ScenePod.of("shop", A).deleted().made("99", scene.status("shop")));
        scene.pass(10);

        assertThat(scene.pod("shop")).isEmpty();
        assertThat(scene.modules).isEmpty();
        assertThat(scene.commands.getLast()).isEqualTo(new Command.Uninstall(own));
    }

    @Test
    void whatHasNoEffectIsToldOnceOfEachPodsOwner() {
        scene.put(ScenePod.of("shop-1", A).ignoring(SET, "hostNetwork: no").made());
        scene.put(ScenePod.of("shop-2", B).ignoring(SET, "hostNetwork: no").made());
        scene.pass(90);

        // The writer of Events says it once for all of them.
        assertThat(scene.words)
                .filteredOn(Effect.TellOwner.class::isInstance)
                .hasSize(2)
                .allSatisfy(words -> {
                    assertThat(words.reason()).isEqualTo(Reason.FIELDS_IGNORED);
                    assertThat(words.message()).contains("hostNetwork");
                    assertThat(((Effect.TellOwner) words).owner()).contains(SET);
                });
        assertThat(scene.status("shop-1").isTrue(PodCondition.READY)).isTrue();
    }

    @Test
    void anEventNamesTheContainerOnceWhetherItsMessageDoesOrNot() {
        ModuleContainer named =
                new ModuleContainer(
                        "proxy",
                        "proxy:1",
                        new ModuleContainer.Invalid(
                                Reason.PARAMETER_INVALID, "container proxy: no BIZ_VERSION"));
        ModuleContainer nameless =
                new ModuleContainer(
                        "shop",
                        "shop.jar",
                        new ModuleContainer.Invalid(Reason.URL_INVALID, "no URL"));
        scene.put(ScenePod.asking(ScenePod.of("shop").made(), named, nameless));
        scene.pass(10);

        assertThat(scene.words)
                .extracting(Effect.Words::message)
                .containsExactlyInAnyOrder(
                        "container proxy: no BIZ_VERSION", "container shop: no URL");
    }

    @Test
    void aPodThatIsNoModuleSaysSoAndIsNeverFailed() {
        PodOwner daemons = new PodOwner("apps/v1", "DaemonSet", "kube-proxy", "ds-1");
        scene.put(ScenePod.of("proxy", A).unlabelled().never().ignoring(daemons).made());

        scene.pass(70);

        PodStatus status = scene.status("proxy");
        assertThat(status.phase()).isEqualTo(Phase.PENDING);
        assertThat(status.condition(PodCondition.READY).orElseThrow().reason())
                .isEqualTo(Reason.NOT_A_MODULE);
        assertThat(reason(state("proxy", "a"))).isEqualTo(Reason.NOT_A_MODULE);
        assertThat(scene.words)
                .singleElement()
                .isInstanceOfSatisfying(
                        Effect.TellOwner.class, told -> assertThat(told.owner()).contains(daemons));

        scene.pass(1_200);
        assertThat(scene.status("proxy")).isEqualTo(status);
        assertThat(scene.words).hasSize(1);
        assertThat(scene.commands).isEmpty();
    }

    @Test
    void aTerminatingPodThatIsNoModuleIsEndedWithinAMinute() {
        scene.put(ScenePod.of("proxy", A).unlabelled().made());
        scene.pass(70);
        ScenePod proxy = ScenePod.of("proxy", A).unlabelled().deleted();
        scene.put(proxy.made("99", scene.status("proxy")));

        scene.pass(61);

        assertThat(scene.pod("proxy")).isEmpty();
    }

    @Test
    void aPodThatLostItsLabelWhileWeWereAwayKeepsItsModule() {
        scene.put(ScenePod.of("shop", A).made());
        scene.pass(20);
        ModulePod running = scene.pod("shop").orElseThrow();
        scene.controllerRestarts();
        scene.put(ScenePod.of("shop", A).unlabelled().made("90", running.status()));
        scene.controllerRestarts();

        scene.pass(1_800);

        assertThat(scene.modules).containsOnlyKeys(A);
        assertThat(scene.commands).hasSize(1);
        assertThat(scene.status("shop").isTrue(PodCondition.READY)).isTrue();
        assertThat(scene.record().modules().get(A).owner())
                .isEqualTo(new PodRef("default", "shop", "uid-shop"));
    }
}
