package io.koupleless.controller;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.koupleless.controller.fleet.EffectRunner;
import io.koupleless.controller.fleet.Fleet;
import io.koupleless.controller.fleet.Links;
import io.koupleless.controller.fleet.PeerRunner;
import io.koupleless.controller.kube.BasePodListener;
import io.koupleless.controller.kube.NodeListener;
import io.koupleless.controller.kube.PodListener;
import io.koupleless.controller.kube.WorkloadListener;
import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.Tunnel;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Moment;
import io.koupleless.controller.vnode.VNode;
import io.koupleless.controller.work.ThreadTimers;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The laws of the house that the compiler does not know. */
@AnalyzeClasses(
        packages = "io.koupleless.controller",
        importOptions = ImportOption.DoNotIncludeTests.class)
class LawsTest {
    private static final Set<String> CLOCKS =
            Set.of("currentTimeMillis", "now", "system", "systemUTC", "systemDefaultZone");

    @ArchTest
    static final ArchRule CORE_KNOWS_NO_FRAMEWORK =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.springframework..",
                            "org.eclipse.paho..",
                            "com.sun.net.httpserver..",
                            "jakarta..",
                            "io.netty..");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("io.koupleless.controller.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule KUBERNETES_CLIENT_ONLY_IN_KUBE =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..controller.kube..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.kubernetes..");

    @ArchTest
    static final ArchRule WHO_CALLS_OVER_HTTP =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("..controller.kube..", "..controller.probe..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("okhttp3..");

    @ArchTest
    static final ArchRule NO_CLOCK_BUT_THE_INJECTED_ONES =
            noClasses().should().callMethodWhere(called("reads a clock", LawsTest::readsClock));

    private static boolean readsClock(JavaCall<?> call) {
        JavaClass owner = call.getTargetOwner();
        boolean clock =
                owner.isEquivalentTo(System.class)
                        || owner.isEquivalentTo(Instant.class)
                        || owner.isEquivalentTo(Clock.class);
        boolean takesOne = !call.getTarget().getRawParameterTypes().isEmpty();
        return clock && CLOCKS.contains(call.getName()) && !takesOne;
    }

    @ArchTest
    static final ArchRule NANO_TIME_ONLY_WHERE_ALL_IS_ASSEMBLED =
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName(ModuleController.class.getName())
                    .should()
                    .callMethod(System.class, "nanoTime");

    @ArchTest
    static final ArchRule NOBODY_SLEEPS_OR_MAKES_THREADS =
            noClasses()
                    .that()
                    .doNotBelongToAnyOf(ThreadTimers.class)
                    .should()
                    .callMethodWhere(called("sleeps or makes a thread", LawsTest::makesThread))
                    .orShould()
                    .callConstructorWhere(
                            called(
                                    "makes a thread",
                                    call -> call.getTargetOwner().isEquivalentTo(Thread.class)));

    private static boolean makesThread(JavaCall<?> call) {
        return call.getTargetOwner().isEquivalentTo(Thread.class)
                && Set.of("sleep", "ofPlatform", "startVirtualThread").contains(call.getName());
    }

    @ArchTest
    static final ArchRule NO_ENVIRONMENT =
            noClasses()
                    .should()
                    .callMethod(System.class, "getenv")
                    .orShould()
                    .callMethod(System.class, "getenv", String.class);

    private static final String[] WHAT_DECIDES = {
        "..controller.vnode..",
        "..controller.pod..",
        "..controller.node..",
        "..controller.record..",
        "..controller.lease..",
        "..controller.base..",
        "..controller.module..",
        "..controller.arklet..",
        "..controller.workload..",
        "..controller.peers.."
    };

    /** Law 1; {@code Objects} is the compiler's null check. */
    @ArchTest
    static final ArchRule WHO_HEARS_ONLY_MARKS =
            classes()
                    .that()
                    .implement(PodListener.class)
                    .or()
                    .implement(NodeListener.class)
                    .or()
                    .implement(WorkloadListener.class)
                    .or()
                    .implement(BasePodListener.class)
                    .should()
                    .onlyCallMethodsThat(
                            JavaMember.Predicates.declaredIn(Fleet.class)
                                    .or(JavaMember.Predicates.declaredIn(PeerRunner.class))
                                    .or(JavaMember.Predicates.declaredIn(Objects.class)));

    /** Law 2: a step, which the mailbox runs, is the only way to a virtual node. */
    @ArchTest
    static final ArchRule ONLY_A_RUNNING_NODE_TAKES_A_STEP =
            noClasses()
                    .that()
                    .doNotHaveSimpleName("RunningNode")
                    .should()
                    .callMethod(VNode.class, "on", List.class, Moment.class)
                    .orShould()
                    .callMethod(EffectRunner.class, "run", NodeName.class, Effect.class);

    @ArchTest
    static final ArchRule COMMANDS_LEAVE_THROUGH_LINKS =
            noClasses()
                    .that()
                    .doNotBelongToAnyOf(Links.class)
                    .should()
                    .callMethod(Tunnel.class, "send", Message.class);

    /** Law 3. */
    @ArchTest
    static final ArchRule WHAT_DECIDES_DOES_NOTHING =
            noClasses()
                    .that()
                    .resideInAnyPackage(WHAT_DECIDES)
                    .should()
                    .dependOnClassesThat(
                            JavaClass.Predicates.resideInAnyPackage(
                                            "java.util.concurrent..",
                                            "java.net.http..",
                                            "java.nio.file..",
                                            "org.slf4j..",
                                            "io.micrometer..",
                                            "..controller.kube..",
                                            "..controller.fleet..",
                                            "..controller.work..")
                                    .or(
                                            JavaClass.Predicates.belongToAnyOf(
                                                    Thread.class, Tunnel.class)));

    @ArchTest
    static final ArchRule WHAT_DECIDES_HAS_NO_LOCKS =
            noMethods()
                    .that()
                    .areDeclaredInClassesThat()
                    .resideInAnyPackage(WHAT_DECIDES)
                    .should()
                    .haveModifier(JavaModifier.SYNCHRONIZED);

    @ArchTest
    static final ArchRule TUNNELS_KNOW_ONLY_A_COMPLETION_STAGE =
            noClasses()
                    .that()
                    .resideInAPackage("..controller.tunnel..")
                    .should()
                    .dependOnClassesThat(
                            JavaClass.Predicates.resideInAPackage("java.util.concurrent..")
                                    .and(
                                            DescribedPredicate.not(
                                                    JavaClass.Predicates.simpleName(
                                                            "CompletionStage"))));

    @ArchTest
    static final ArchRule EVERYTHING_IS_NULL_MARKED = classes().should(liveInANullMarkedPackage());

    @ArchTest
    static final ArchRule NAMES_SAY_SOMETHING =
            noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Impl|Manager)");

    private static DescribedPredicate<JavaCall<?>> called(
            String what, java.util.function.Predicate<JavaCall<?>> predicate) {
        return new DescribedPredicate<>(what) {
            @Override
            public boolean test(JavaCall<?> call) {
                return predicate.test(call);
            }
        };
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return new ArchCondition<>("live in a null-marked package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                JavaPackage home = type.getPackage();
                if (!home.isAnnotatedWith(NullMarked.class)) {
                    events.add(
                            SimpleConditionEvent.violated(
                                    type, type.getName() + " is in " + home.getName()));
                }
            }
        };
    }
}
