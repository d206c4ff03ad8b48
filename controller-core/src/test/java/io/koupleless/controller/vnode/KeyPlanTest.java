package io.koupleless.controller.vnode;

import static io.koupleless.controller.record.EntryState.INSTALLED;
import static io.koupleless.controller.record.EntryState.INSTALLING;
import static io.koupleless.controller.record.EntryState.RELOADING;
import static io.koupleless.controller.record.EntryState.REMOVING;
import static io.koupleless.controller.tunnel.Operation.INSTALL;
import static io.koupleless.controller.tunnel.Operation.UNINSTALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Operation;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPlanTest {
    private final List<KeyView.Claim> claims = new ArrayList<>();
    private Optional<ModuleEntry> entry = Optional.empty();
    private KeyView.Owner owner = KeyView.Owner.NONE;
    private Slot.Presence presence = Slot.Presence.UNKNOWN;
    private Optional<ModuleState> state = Optional.empty();
    private boolean inFlight;
    private boolean armed;
    private boolean blocked;
    private boolean failed;
    private boolean beside;
    private boolean anothers;
    private boolean unhealthy;
    private boolean stopping;
    private Optional<String> jarUnderWay = Optional.empty();
    private boolean commands = true;
    private boolean installs = true;
    private boolean installClear = true;
    private boolean uninstallClear = true;
    private boolean reinstalls = true;
    private boolean room = true;
    private boolean orphans = true;
    private boolean stray;
    private Optional<ModuleContainer.Module> expected = Optional.empty();

    private KeyDecision decide() {
        return KeyPlan.decide(
                new KeyView(
                        At.BIZ,
                        claims,
                        entry,
                        owner,
                        new KeyView.ModuleView(
                                inFlight,
                                presence,
                                state,
                                armed,
                                blocked,
                                blocked,
                                failed,
                                beside,
                                anothers,
                                unhealthy,
                                stopping,
                                jarUnderWay),
                        new KeyView.Gates(
                                commands,
                                installs,
                                installClear,
                                uninstallClear,
                                reinstalls,
                                room,
                                orphans,
                                stray),
                        expected),
                At.WALL);
    }

    private static KeyView.Claim claim(int age, String revision, String url, boolean leaving) {
        String name = "pod-" + age;
        ModuleContainer.Module module =
                new ModuleContainer.Module(At.BIZ, URI.create("http://repo/x.jar"), url);
        ModulePod pod =
                new ModulePod(
                        new PodRef("default", name, "uid-" + age),
                        "node",
                        true,
                        "1",
                        At.WALL.plusSeconds(age),
                        0,
                        leaving,
                        revision,
                        ModulePod.RestartPolicy.ALWAYS,
                        List.of(),
                        List.of(new ModuleContainer("biz1", "http://repo/x.jar", module)),
                        PodStatus.NONE);
        return new KeyView.Claim(pod, module, false);
    }

    private KeyView.Claim pod(int age, String revision) {
        KeyView.Claim claim = claim(age, revision, "url", false);
        claims.add(claim);
        return claim;
    }

    private void recorded(EntryState as, KeyView.Claim by, String url, KeyView.Owner is) {
        ModulePod pod = by.pod();
        entry =
                Optional.of(
                        new ModuleEntry(
                                At.BIZ, At.BIZ, as, pod.ref(), pod.revision(), url, At.WALL));
        owner = is;
    }

    private void there(ModuleState as) {
        presence = Slot.Presence.PRESENT;
        state = Optional.of(as);
    }

    private static void commands(KeyDecision got, Operation what, EntryState as, String ofUid) {
        assertThat(got).isInstanceOf(KeyDecision.Command.class);
        KeyDecision.Command command = (KeyDecision.Command) got;
        assertThat(command.operation()).isEqualTo(what);
        assertThat(command.entry().state()).isEqualTo(as);
        assertThat(command.entry().owner().uid()).isEqualTo(ofUid);
    }

    private static void notes(KeyDecision got, EntryState as, String ofUid) {
        assertThat(got).isInstanceOf(KeyDecision.Note.class);
        ModuleEntry noted = ((KeyDecision.Note) got).entry();
        assertThat(noted.state()).isEqualTo(as);
        assertThat(noted.owner().uid()).isEqualTo(ofUid);
    }

    private static void rests(KeyDecision got) {
        assertThat(got).isEqualTo(new KeyDecision.Rest());
    }

    @Test
    void nothingWhileACommandIsInFlight() {
        pod(1, "a");
        inFlight = true;
        rests(decide());
    }

    @Test
    void aNewPodsModuleIsInstalled() {
        pod(1, "a");
        commands(decide(), INSTALL, INSTALLING, "uid-1");
    }

    @Test
    void aModuleThatCameWhileItsInstallWasRecordedIsRecordedAnewBeforeItIsInstalledAgain() {
        recorded(INSTALLED, pod(1, "a"), "url", KeyView.Owner.LIVING);
        armed = true;
        presence = Slot.Presence.DOUBTED;
        rests(decide());

        presence = Slot.Presence.ABSENT;
        commands(decide(), INSTALL, INSTALLING, "uid-1");
    }

    @Test
    void noInstallLeavesWhileOneOfAnotherJarMayStillCome() {
        recorded(INSTALLING, pod(1, "a"), "other", KeyView.Owner.LIVING);
        presence = Slot.Presence.ABSENT;
        jarUnderWay = Optional.of("other");
        assertThat(decide()).isEqualTo(new KeyDecision.NeedList());

        jarUnderWay = Optional.of("url");
        commands(decide(), INSTALL, INSTALLING, "uid-1");
    }

    @Test
    void whatIsThereWithoutARecordIsAdopted() {
        pod(1, "a");
        there(ModuleState.ACTIVATED);
        notes(decide(), INSTALLED, "uid-1");
    }

    @Test
    void whatIsThereUnderTheKeyOfAnotherPodIsNotAdopted() {
        pod(1, "a");
        there(ModuleState.ACTIVATED);
        anothers = true;
        rests(decide());
    }

    @Test
    void whatTheJarCallsItselfIsUninstalledAndTheNextInstallStartsFromWhatIsAskedFor() {
        recorded(INSTALLED, pod(1, "a"), "other", KeyView.Owner.LIVING);
        ModuleRef actual = new ModuleRef("biz1", "9.0.0");
        entry = entry.map(e -> e.installedAs(actual));
        there(ModuleState.ACTIVATED);
        KeyDecision.Command reload = (KeyDecision.Command) decide();
        assertThat(reload.operation()).isEqualTo(UNINSTALL);
        assertThat(reload.entry().installed()).isEqualTo(actual);

        entry = Optional.of(reload.entry());
        presence = Slot.Presence.ABSENT;
        KeyDecision.Command install = (KeyDecision.Command) decide();
        assertThat(install.operation()).isEqualTo(INSTALL);
        assertThat(install.entry().installed()).isEqualTo(At.BIZ);
    }

    @Test
    void whatNobodyAsksForAndNoRecordNamesIsLeftAlone() {
        there(ModuleState.ACTIVATED);
        rests(decide());
    }

    @Test
    void aTerminatingPodNamesAModuleWithoutRecord() {
        claims.add(claim(1, "a", "url", true));
        there(ModuleState.ACTIVATED);
        notes(decide(), REMOVING, "uid-1");
    }

    @Test
    void nothingLeavesWhenTheBaseMayNotBeCommanded() {
        pod(1, "a");
        commands = false;
        rests(decide());
    }

    @Test
    void noInstallOnABaseThatDoesNotAnswer() {
        pod(1, "a");
        installs = false;
        rests(decide());
    }

    @Test
    void aLateUninstallHoldsTheInstallBack() {
        pod(1, "a");
        installClear = false;
        assertThat(decide()).isEqualTo(new KeyDecision.NeedList());
    }

    @Test
    void ownersOwnModuleWithTheSameUrlRests() {
        recorded(INSTALLED, pod(1, "a"), "url", KeyView.Owner.LIVING);
        there(ModuleState.ACTIVATED);
        rests(decide());
    }

    @Test
    void anUnhealthyModuleIsReloadedWhenTheBaseCanBearItAndItsHookIsOver() {
        recorded(INSTALLED, pod(1, "a"), "url", KeyView.Owner.LIVING);
        there(ModuleState.ACTIVATED);
        unhealthy = true;
        stopping = true;
        rests(decide());

        stopping = false;
        reinstalls = false;
        rests(decide());

        reinstalls = true;
        commands(decide(), UNINSTALL, RELOADING, "uid-1");
    }

    @Test
    void aReloadOfWhatWasUnhealthyBeforeWaitsForTheBackOff() {
        recorded(RELOADING, pod(1, "a"), "url", KeyView.Owner.LIVING);
        presence = Slot.Presence.ABSENT;
        failed = true;
        blocked = true;
        rests(decide());

        blocked = false;
        commands(decide(), INSTALL, INSTALLING, "uid-1");
    }

    @Test
    void aTerminatingOwnersModuleStaysUntilItsHookIsOver() {
        KeyView.Claim leaving = claim(1, "a", "url", true);
        claims.add(leaving);
        recorded(INSTALLED, leaving, "url", KeyView.Owner.TERMINATING);
        there(ModuleState.ACTIVATED);
        stopping = true;
        rests(decide());

        entry = Optional.empty();
        owner = KeyView.Owner.NONE;
        rests(decide());

        recorded(INSTALLED, leaving, "url", KeyView.Owner.GONE);
        commands(decide(), UNINSTALL, REMOVING, "uid-1");
    }

    @Test
    void anotherUrlReloads() {
        recorded(INSTALLED, pod(1, "a"), "old url", KeyView.Owner.LIVING);
        there(ModuleState.ACTIVATED);
        commands(decide(), UNINSTALL, RELOADING, "uid-1");
    }

    @Test
    void aReloadInstallsOnceTheModuleIsAbsent() {
        recorded(RELOADING, pod(1, "a"), "url", KeyView.Owner.LIVING);
        presence = Slot.Presence.ABSENT;
        commands(decide(), INSTALL, INSTALLING, "uid-1");
    }

    @Test
    void aReplicaOfTheSameRevisionWaits() {
        recorded(INSTALLED, pod(1, "a"), "url", KeyView.Owner.LIVING);
        pod(2, "a");
        there(ModuleState.ACTIVATED);
        rests(decide());
    }

    @Test
    void aNewerRevisionTakesTheModuleByReload() {
        recorded(INSTALLED, pod(1, "a"), "url", KeyView.Owner.LIVING);
        pod(2, "b");
        there(ModuleState.ACTIVATED);
        commands(decide(), UNINSTALL, RELOADING, "uid-2");
    }

    @Test
    void anOlderRevisionDoesNotTakeItBack() {
        pod(1, "a");
        recorded(INSTALLED, pod(2, "b"), "url", KeyView.Owner.LIVING);
        there(ModuleState.ACTIVATED);
        rests(decide());
    }

    @Test
    void aRevisionThatWasBroughtBackTakesItThoughItsOldestPodIsOlderThanTheOwner() {
        pod(1, "a");
        recorded(INSTALLED, pod(2, "b"), "url", KeyView.Owner.LIVING);
        pod(3, "a");
        there(ModuleState.ACTIVATED);
        commands(decide(), UNINSTALL, RELOADING, "uid-1");
    }

    @Test
    void aTerminatingOwnersModuleIsUninstalledBeforeAnyoneElseHasIt() {
        KeyView.Claim leaving = claim(1, "a", "url", true);
        claims.add(leaving);
        recorded(INSTALLED, leaving, "url", KeyView.Owner.TERMINATING);
        pod(2, "b");
        there(ModuleState.ACTIVATED);
        commands(decide(), UNINSTALL, REMOVING, "uid-1");
    }

    @Test
    void removingEndsWithTheConfirmedAbsence() {
        recorded(REMOVING, claim(1, "a", "url", true), "url", KeyView.Owner.GONE);
        pod(2, "b");
        there(ModuleState.ACTIVATED);
        commands(decide(), UNINSTALL, REMOVING, "uid-1");

        presence = Slot.Presence.DOUBTED;
        rests(decide());

        presence = Slot.Presence.ABSENT;
        state = Optional.empty();
        assertThat(decide()).isEqualTo(new KeyDecision.Forget());
    }

    @Test
    void aLateInstallHoldsTheUninstallBack() {
        recorded(REMOVING, claim(1, "a", "url", true), "url", KeyView.Owner.TERMINATING);
        there(ModuleState.ACTIVATED);
        uninstallClear = false;
        assertThat(decide()).isEqualTo(new KeyDecision.NeedList());
    }

    @Test
    void theRecordOfAnInstallThatNeverLeftIsForgotten() {
        recorded(INSTALLING, claim(1, "a", "url", true), "url", KeyView.Owner.TERMINATING);
        armed = true;
        assertThat(decide()).isEqualTo(new KeyDecision.Forget());
    }

    @Test
    void anOwnerThatIsNotKnownIsLookedUp() {
        recorded(INSTALLED, claim(1, "a", "url", false), "url", KeyView.Owner.UNKNOWN);
        there(ModuleState.ACTIVATED);
        assertThat(decide()).isEqualTo(new KeyDecision.LookUpOwner());
    }

    @Test
    void theModuleOfAnOwnerThatNobodySawGoWaitsForTheGrace() {
        recorded(INSTALLED, claim(1, "a", "url", false), "url", KeyView.Owner.MISSING);
        there(ModuleState.ACTIVATED);
        rests(decide());

        owner = KeyView.Owner.MISSING_LONG;
        commands(decide(), UNINSTALL, REMOVING, "uid-1");
    }

    @ParameterizedTest
    @CsvSource({
        "UNINSTALL_OURS, GONE, true",
        "UNINSTALL_OURS, MISSING, false",
        "UNINSTALL_OURS, MISSING_LONG, true",
        "UNINSTALL, GONE, true",
        "UNINSTALL, MISSING, false",
        "UNINSTALL, MISSING_LONG, true",
        "LEAVE, GONE, true",
        "LEAVE, MISSING, false",
        "LEAVE, MISSING_LONG, false"
    })
    void thePolicySaysWhatBecomesOfAModuleOfOurs(
            VNodeSettings.Orphans policy, KeyView.Owner whereItsPodIs, boolean goes) {
        orphans = policy != VNodeSettings.Orphans.LEAVE;
        recorded(INSTALLED, claim(1, "a", "url", false), "url", whereItsPodIs);
        there(ModuleState.ACTIVATED);

        if (goes) {
            commands(decide(), Operation.UNINSTALL, REMOVING, "uid-1");
        } else {
            rests(decide());
        }
    }

    @Test
    void whatIsNobodysGoesOnlyWhenItsTimeIsOverAndNobodyAsks() {
        there(ModuleState.ACTIVATED);
        rests(decide());

        stray = true;
        notes(decide(), REMOVING, "");

        pod(1, "a");
        notes(decide(), INSTALLED, "uid-1");
    }

    @Test
    void whatIsLeftGoesToThePodThatAsksForItLater() {
        orphans = false;
        recorded(INSTALLED, claim(1, "a", "url", false), "url", KeyView.Owner.MISSING_LONG);
        there(ModuleState.ACTIVATED);
        pod(2, "b");

        commands(decide(), Operation.UNINSTALL, RELOADING, "uid-2");
    }

    @Test
    void withoutRoomNothingIsInstalledForTheFirstTime() {
        room = false;
        KeyView.Claim pod = pod(1, "a");
        presence = Slot.Presence.ABSENT;
        rests(decide());

        recorded(INSTALLING, pod, "url", KeyView.Owner.LIVING);
        armed = true;
        rests(decide());

        room = true;
        commands(decide(), Operation.INSTALL, INSTALLING, "uid-1");
    }

    @Test
    void withoutRoomAReloadGoesOn() {
        room = false;
        recorded(INSTALLED, pod(1, "a"), "other", KeyView.Owner.LIVING);
        there(ModuleState.ACTIVATED);

        commands(decide(), Operation.UNINSTALL, RELOADING, "uid-1");
    }

    @Test
    void theModuleOfAMissingOwnerGoesToWhoeverAsks() {
        recorded(INSTALLED, claim(1, "a", "url", false), "url", KeyView.Owner.MISSING);
        pod(2, "a");
        there(ModuleState.ACTIVATED);
        commands(decide(), UNINSTALL, RELOADING, "uid-2");
    }

    @Test
    void theFailureOfAnOwnerThatIsGoneDoesNotHoldBackTheNextOne() {
        recorded(INSTALLING, claim(1, "a", "url", false), "url", KeyView.Owner.GONE);
        presence = Slot.Presence.ABSENT;
        failed = true;
        blocked = true;
        pod(2, "a");
        commands(decide(), INSTALL, INSTALLING, "uid-2");
    }

    @Test
    void theModuleOfAnOwnerThatIsGoneIsUninstalled() {
        recorded(INSTALLED, claim(1, "a", "url", false), "url", KeyView.Owner.GONE);
        there(ModuleState.ACTIVATED);
        commands(decide(), UNINSTALL, REMOVING, "uid-1");
    }

    @Test
    void brokenIsAFailureOnceAndAReloadAfterItsPause() {
        recorded(INSTALLING, pod(1, "a"), "url", KeyView.Owner.LIVING);
        there(ModuleState.BROKEN);
        assertThat(decide()).isEqualTo(new KeyDecision.Broken());

        failed = true;
        blocked = true;
        rests(decide());

        blocked = false;
        commands(decide(), UNINSTALL, RELOADING, "uid-1");

        reinstalls = false;
        rests(decide());
    }

    @Test
    void deactivatedRestsBesideAnotherVersionAndReloadsAlone() {
        recorded(INSTALLING, pod(1, "a"), "url", KeyView.Owner.LIVING);
        there(ModuleState.DEACTIVATED);
        beside = true;
        notes(decide(), INSTALLED, "uid-1");

        recorded(INSTALLED, claims.getFirst(), "url", KeyView.Owner.LIVING);
        rests(decide());

        beside = false;
        commands(decide(), UNINSTALL, RELOADING, "uid-1");
    }

    @Test
    void startingRests() {
        recorded(INSTALLING, pod(1, "a"), "url", KeyView.Owner.LIVING);
        for (ModuleState starting : List.of(ModuleState.RESOLVED, ModuleState.UNRESOLVED)) {
            there(starting);
            rests(decide());
        }
    }

    @Test
    void activeIsNotedAsInstalled() {
        recorded(INSTALLING, pod(1, "a"), "url", KeyView.Owner.LIVING);
        there(ModuleState.ACTIVATED);
        notes(decide(), INSTALLED, "uid-1");
    }

    @Test
    void aVanishedModuleIsInstalledAgainWhenItsAbsenceIsSure() {
        recorded(INSTALLED, pod(1, "a"), "url", KeyView.Owner.LIVING);
        for (Slot.Presence unsure : List.of(Slot.Presence.UNKNOWN, Slot.Presence.DOUBTED)) {
            presence = unsure;
            rests(decide());
        }

        presence = Slot.Presence.ABSENT;
        commands(decide(), INSTALL, INSTALLING, "uid-1");
    }

    @Test
    void aFailedInstallWaitsForItsPause() {
        recorded(INSTALLING, pod(1, "a"), "url", KeyView.Owner.LIVING);
        presence = Slot.Presence.ABSENT;
        failed = true;
        blocked = true;
        rests(decide());

        blocked = false;
        commands(decide(), INSTALL, INSTALLING, "uid-1");
    }

    private static ModuleContainer.Module expectedModule() {
        return new ModuleContainer.Module(At.BIZ, URI.create("http://repo/x.jar"), "url");
    }

    private void recordedForNobody(EntryState as, KeyView.Owner is) {
        entry = Optional.of(new ModuleEntry(At.BIZ, At.BIZ, as, PodRef.NOBODY, "", "url", At.WALL));
        owner = is;
    }

    @Test
    void whatAPodToComeWillAskForIsInstalledForNobody() {
        expected = Optional.of(expectedModule());
        presence = Slot.Presence.ABSENT;

        commands(decide(), INSTALL, INSTALLING, "");
    }

    @Test
    void aPodThatIsThereComesBeforeOneToCome() {
        expected = Optional.of(expectedModule());
        presence = Slot.Presence.ABSENT;
        pod(1, "a");

        commands(decide(), INSTALL, INSTALLING, "uid-1");
    }

    @Test
    void whatIsThereAlreadyIsNotTakenForAPodToCome() {
        expected = Optional.of(expectedModule());
        there(ModuleState.ACTIVATED);

        rests(decide());
    }

    @Test
    void aPodToComeWaitsForATerminatingOneOfItsKey() {
        expected = Optional.of(expectedModule());
        presence = Slot.Presence.ABSENT;
        claims.add(claim(1, "a", "url", true));

        rests(decide());
    }

    @Test
    void thePodThatComesTakesWhatIsThereForIt() {
        for (KeyView.Owner where : List.of(KeyView.Owner.AWAITED, KeyView.Owner.NEVER_CAME)) {
            claims.clear();
            recordedForNobody(INSTALLED, where);
            there(ModuleState.ACTIVATED);
            pod(1, "a");

            notes(decide(), INSTALLED, "uid-1");
        }
    }

    @Test
    void aPodThatComesWithAnotherJarReloads() {
        recordedForNobody(INSTALLED, KeyView.Owner.AWAITED);
        there(ModuleState.ACTIVATED);
        claims.add(claim(1, "a", "another url", false));

        commands(decide(), UNINSTALL, RELOADING, "uid-1");
    }

    @Test
    void whatIsThereForAPodToComeStays() {
        recordedForNobody(INSTALLED, KeyView.Owner.AWAITED);
        there(ModuleState.ACTIVATED);

        rests(decide());
    }

    @Test
    void whosePodNeverCameIsRemoved() {
        recordedForNobody(INSTALLED, KeyView.Owner.NEVER_CAME);
        there(ModuleState.ACTIVATED);

        commands(decide(), UNINSTALL, REMOVING, "");
    }
}
