package io.koupleless.controller.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The laws of the house for everything around the core. */
@AnalyzeClasses(
        packages = "io.koupleless.controller",
        importOptions = ImportOption.DoNotIncludeTests.class)
class AppLawsTest {
    private static final Set<Class<?>> CLOCKS = Set.of(System.class, Instant.class, Clock.class);
    private static final Set<String> READINGS =
            Set.of(
                    "currentTimeMillis",
                    "nanoTime",
                    "now",
                    "system",
                    "systemUTC",
                    "systemDefaultZone");

    @ArchTest
    static final ArchRule SPRING_IS_IN_THE_APPLICATION_ALONE =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("..controller.app..", "..controller.tunnel.mqtt..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.springframework..");

    @ArchTest
    static final ArchRule THE_MQTT_TUNNEL_USES_SPRING_INTEGRATION_AND_NO_OTHER_SPRING =
            noClasses()
                    .that()
                    .resideInAPackage("..controller.tunnel.mqtt..")
                    .should()
                    .dependOnClassesThat(
                            describe(
                                    "are Spring's, but not Spring Integration's",
                                    type ->
                                            type.getPackageName().startsWith("org.springframework")
                                                    && !type.getPackageName()
                                                            .startsWith(
                                                                    "org.springframework.integration.mqtt")));

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("io.koupleless.controller.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NO_CLOCK_BUT_THE_INJECTED_ONE =
            noClasses()
                    .that()
                    .resideInAnyPackage("..controller.app..", "..controller.tunnel..")
                    .and()
                    .doNotBelongToAnyOf(CoreConfiguration.class)
                    .should()
                    .callMethodWhere(called("reads a clock", AppLawsTest::readsClock));

    @ArchTest
    static final ArchRule NOBODY_SLEEPS_OR_MAKES_THREADS =
            noClasses()
                    .that()
                    .resideInAnyPackage("..controller.app..", "..controller.tunnel..")
                    .should()
                    .callCodeUnitWhere(called("sleeps or makes threads", AppLawsTest::makesThread));

    private static boolean readsClock(JavaCall<?> call) {
        return CLOCKS.stream().anyMatch(call.getTargetOwner()::isEquivalentTo)
                && READINGS.contains(call.getName())
                && call.getTarget().getRawParameterTypes().isEmpty();
    }

    /** Who may make threads: as many as it likes of virtual ones, and none for each base. */
    private static final Set<String> MAKERS =
            Set.of("MqttTunnel", "HttpTunnel", "HeartbeatServer", "DnsSource");

    private static boolean makesThread(JavaCall<?> call) {
        boolean maker = MAKERS.contains(call.getOriginOwner().getSimpleName());
        boolean thread =
                call.getTargetOwner().isEquivalentTo(Thread.class)
                        && Set.of(
                                        "<init>",
                                        "sleep",
                                        "ofPlatform",
                                        "ofVirtual",
                                        "startVirtualThread")
                                .contains(call.getName());
        boolean pool =
                call.getTargetOwner().isEquivalentTo(Executors.class)
                        || call.getTargetOwner().isAssignableTo(ExecutorService.class)
                                && call.getName().equals("<init>");
        return (thread || pool) && !maker;
    }

    private static DescribedPredicate<JavaCall<?>> called(
            String what, java.util.function.Predicate<JavaCall<?>> predicate) {
        return describe(what, predicate);
    }
}
