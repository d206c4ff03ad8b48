package io.koupleless.controller.kube;

import static io.koupleless.controller.kube.PodFields.any;
import static io.koupleless.controller.kube.PodFields.isTrue;
import static io.koupleless.controller.kube.PodFields.text;
import static io.koupleless.controller.kube.SpecField.honoured;
import static io.koupleless.controller.kube.SpecField.ignored;
import static io.koupleless.controller.kube.SpecField.needless;
import static io.koupleless.controller.kube.SpecField.refused;

import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1SecurityContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Every field of a container, as Kubernetes knows them, and what becomes of it. */
final class ContainerFields {
    private static final String TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount";

    private static final V1SecurityContext UNSET = new V1SecurityContext();

    static final List<SpecField<V1Container>> ROWS =
            List.of(
                    honoured(
                            "args",
                            "for the module's `main` method; `$(NAME)` is replaced from `env` as"
                                    + " elsewhere in Kubernetes",
                            "ContainerArgsTest#referencesAreReplacedAsKubernetesDoesIt"),
                    refused(
                            "command",
                            "a module starts with the main class of its manifest; take `command` away,"
                                    + " `args` are passed on",
                            container -> any(container.getCommand())),
                    ignored(
                            "env",
                            "`BIZ_NAME` and `BIZ_VERSION` say which module, and `args` may refer to"
                                    + " the others; they do not become variables of the base's JVM",
                            container -> !strangers(container).isEmpty()),
                    ignored(
                            "envFrom",
                            "variables do not reach a module; use `args` or the module's own"
                                    + " configuration",
                            container -> any(container.getEnvFrom())),
                    honoured("image", "the URL of the jar", "ModuleUrlTest#theseAreUrlsOfModules"),
                    needless("imagePullPolicy", "the base loads the jar at each install"),
                    honoured(
                            "lifecycle.preStop",
                            "`sleep` and `httpGet`, see [probes](probes.md#before-a-module-goes);"
                                    + " `exec` is refused",
                            "ProbesTest#theHookOfATerminatingPodEndsBeforeItsModuleIsUninstalled"),
                    refused(
                            "lifecycle.postStart",
                            "a base calls nothing after a start; let the module do it itself",
                            container ->
                                    container.getLifecycle() != null
                                            && container.getLifecycle().getPostStart() != null),
                    ignored(
                            "lifecycle.stopSignal",
                            "a module is no process",
                            container ->
                                    container.getLifecycle() != null
                                            && text(container.getLifecycle().getStopSignal())),
                    honoured(
                            "livenessProbe",
                            "`httpGet` and `tcpSocket`, see [probes](probes.md); `exec` and `grpc` are"
                                    + " refused",
                            "ProbesTest#aLivenessFailureReloadsTheModuleAndCountsARestart"),
                    honoured(
                            "name",
                            "the name of the module, if `BIZ_NAME` does not say another",
                            "PodReaderTest#theContainersNameIsTheModules"),
                    needless(
                            "ports",
                            "Services find a named port by them; the module listens where its base"
                                    + " listens"),
                    ignored(
                            "ports.hostPort",
                            "the module listens where its base listens",
                            container ->
                                    PodReader.list(container.getPorts()).stream()
                                            .anyMatch(port -> port.getHostPort() != null)),
                    honoured(
                            "readinessProbe",
                            "`httpGet` and `tcpSocket`, see [probes](probes.md); `exec` and `grpc` are"
                                    + " refused",
                            "ProbesTest#readinessGoesOnWhileTheHookDoesAndLivenessDoesNot"),
                    needless("resizePolicy", "nothing limits a module within its base"),
                    needless(
                            "resources",
                            "the scheduler counts the requests; nothing limits a module within its"
                                    + " base"),
                    ignored(
                            "restartPolicy",
                            "that of the Pod counts",
                            container -> text(container.getRestartPolicy())),
                    ignored(
                            "restartPolicyRules",
                            "a module has no exit code",
                            container -> any(container.getRestartPolicyRules())),
                    ignored(
                            "securityContext",
                            "a module has the rights of its base",
                            container ->
                                    container.getSecurityContext() != null
                                            && !container.getSecurityContext().equals(UNSET)),
                    honoured(
                            "startupProbe",
                            "`httpGet` and `tcpSocket`, see [probes](probes.md); `exec` and `grpc` are"
                                    + " refused",
                            "ProbesTest#theStartupProbeKeepsTheOthersBack"),
                    ignored(
                            "stdin",
                            "a module has no input of its own",
                            container -> isTrue(container.getStdin())),
                    ignored(
                            "stdinOnce",
                            "a module has no input of its own",
                            container -> isTrue(container.getStdinOnce())),
                    needless(
                            "terminationMessagePath",
                            "the message is the root cause of the failure"),
                    needless(
                            "terminationMessagePolicy",
                            "the message is the root cause of the failure"),
                    ignored(
                            "tty",
                            "a module has no terminal of its own",
                            container -> isTrue(container.getTty())),
                    refused(
                            "volumeDevices",
                            "a module has no files of its own; give them to the Pod of the base",
                            container -> any(container.getVolumeDevices())),
                    refused(
                            "volumeMounts",
                            "a module has no files of its own and would not find these; mount them in"
                                    + " the Pod of the base. The token of the ServiceAccount is passed"
                                    + " over",
                            ContainerFields::mountsMoreThanTheToken),
                    ignored(
                            "workingDir",
                            "a module works where its base works",
                            container -> text(container.getWorkingDir())));

    private ContainerFields() {}

    /** What keeps this container from being installed. */
    static Optional<String> refusal(V1Container container) {
        return ROWS.stream()
                .filter(row -> row.isRefusedIn(container))
                .findFirst()
                .map(row -> "container " + container.getName() + ": " + row.told(""));
    }

    /** What the container asks for and does not get. */
    static List<String> ignoredIn(V1Container container) {
        return ROWS.stream()
                .filter(row -> row.isIgnoredIn(container))
                .map(row -> row.told(named(row, container)))
                .toList();
    }

    private static String named(SpecField<V1Container> row, V1Container container) {
        return row.path().equals("env") ? " " + strangers(container) : "";
    }

    /** Variables that do nothing at all here. */
    private static List<String> strangers(V1Container container) {
        Set<String> referred =
                VariableReferences.in(PodReader.list(container.getArgs()), container.getEnv());
        Predicate<String> known =
                name ->
                        name.equals(ContainerReader.NAME)
                                || name.equals(ContainerReader.VERSION)
                                || referred.contains(name);
        return PodReader.list(container.getEnv()).stream()
                .map(V1EnvVar::getName)
                .filter(known.negate())
                .distinct()
                .toList();
    }

    private static boolean mountsMoreThanTheToken(V1Container container) {
        return PodReader.list(container.getVolumeMounts()).stream()
                .anyMatch(mount -> !TOKEN.equals(mount.getMountPath()));
    }
}
