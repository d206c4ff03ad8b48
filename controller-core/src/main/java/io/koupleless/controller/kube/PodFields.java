package io.koupleless.controller.kube;

import static io.koupleless.controller.kube.SpecField.honoured;
import static io.koupleless.controller.kube.SpecField.ignored;
import static io.koupleless.controller.kube.SpecField.needless;
import static io.koupleless.controller.kube.SpecField.refused;

import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1PodSecurityContext;
import io.kubernetes.client.openapi.models.V1PodSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Every field of a Pod's spec, as Kubernetes knows them, and what becomes of it. */
final class PodFields {
    /** The API server fills it in by itself. */
    private static final V1PodSecurityContext UNSET = new V1PodSecurityContext();

    static final List<SpecField<V1PodSpec>> ROWS =
            List.of(
                    honoured(
                            "activeDeadlineSeconds",
                            "counted from `startTime`: the Pod is Failed (`DeadlineExceeded`) whatever"
                                    + " its `restartPolicy`, its modules are uninstalled",
                            "PodStoriesTest#aPodIsOverWhenItsActiveDeadlineHasPassedAndItsModuleGoes"),
                    honoured(
                            "affinity",
                            "by the scheduler",
                            "MainJobStory#aDeploymentRunsOneModuleOnEachBaseAndScalesAndGoes"),
                    needless(
                            "automountServiceAccountToken",
                            "a module has no files of its own; the volume of the token is passed over"),
                    honoured(
                            "containers",
                            "one module each, with a state, failures and a back-off of its own",
                            "PodStoriesTest#eachContainerHasItsOwnStateFailureAndBackOff"),
                    ignored(
                            "dnsConfig",
                            "names are resolved as the base does it",
                            spec -> spec.getDnsConfig() != null),
                    ignored(
                            "dnsPolicy",
                            "names are resolved as the base does it",
                            spec -> differs(spec.getDnsPolicy(), "ClusterFirst")),
                    needless("enableServiceLinks", "the base's JVM has its variables already"),
                    ignored(
                            "ephemeralContainers",
                            "there is no process to join; debug the Pod of the base",
                            spec -> any(spec.getEphemeralContainers())),
                    ignored(
                            "hostAliases",
                            "names are resolved as the base does it",
                            spec -> any(spec.getHostAliases())),
                    ignored(
                            "hostIPC",
                            "a module lives in its base's process",
                            spec -> isTrue(spec.getHostIPC())),
                    ignored(
                            "hostNetwork",
                            "a module lives in its base's network",
                            spec -> isTrue(spec.getHostNetwork())),
                    ignored(
                            "hostPID",
                            "a module lives in its base's process",
                            spec -> isTrue(spec.getHostPID())),
                    ignored(
                            "hostUsers",
                            "a module runs as its base's user",
                            spec -> Boolean.FALSE.equals(spec.getHostUsers())),
                    needless(
                            "hostname",
                            "the DNS records of Services have it; inside, the module sees the base's"),
                    ignored(
                            "hostnameOverride",
                            "the module sees the base's host name",
                            spec -> text(spec.getHostnameOverride())),
                    ignored(
                            "imagePullSecrets",
                            "the base loads the jar by its URL and knows no such Secret; name a"
                                    + " repository that the base may read",
                            spec -> any(spec.getImagePullSecrets())),
                    refused(
                            "initContainers",
                            "a base runs modules only, so nothing can prepare this Pod; take them out."
                                    + " If a service mesh injects them, exclude the Pod, for example"
                                    + " with the label sidecar.istio.io/inject: \"false\"",
                            spec -> any(spec.getInitContainers())),
                    honoured(
                            "nodeName",
                            "by Kubernetes",
                            "PodChangesStory#aPodDeletedByForceLeavesNoModuleBehind"),
                    honoured(
                            "nodeSelector",
                            "by the scheduler",
                            "MainJobStory#aDeploymentRunsOneModuleOnEachBaseAndScalesAndGoes"),
                    ignored(
                            "os",
                            "a module runs where its base runs",
                            spec ->
                                    spec.getOs() != null
                                            && differs(spec.getOs().getName(), "linux")),
                    needless("overhead", "the scheduler counts it"),
                    needless("preemptionPolicy", "by the scheduler"),
                    honoured(
                            "priority",
                            "by the scheduler; and what waits for one base is installed in this order",
                            "DeparturesTest#thePodOfHighestPriorityComesFirstThenTheOldestThenTheName"),
                    honoured(
                            "priorityClassName",
                            "Kubernetes makes `priority` of it",
                            "DeparturesTest#thePodOfHighestPriorityComesFirstThenTheOldestThenTheName"),
                    honoured(
                            "readinessGates",
                            "Ready waits for them",
                            "PodStatusMapperTest#aReadinessGateHoldsReadyBackButNotTheContainers"),
                    refused(
                            "resourceClaims",
                            "a base has no devices to give",
                            spec -> any(spec.getResourceClaims())),
                    needless(
                            "resources",
                            "the scheduler counts the requests; nothing limits a module within its"
                                    + " base"),
                    honoured(
                            "restartPolicy",
                            "`Always` and `OnFailure`: a module that fails waits and is tried again;"
                                    + " `Never`: it is over at its first failure, or when it is lost",
                            "PodStoriesTest#whatEndedUnderNeverStaysEndedAndTheOthersRunOn"),
                    ignored(
                            "runtimeClassName",
                            "the runtime is the base's JVM",
                            spec -> text(spec.getRuntimeClassName())),
                    needless("schedulerName", "by Kubernetes"),
                    needless("schedulingGates", "by Kubernetes"),
                    needless("schedulingGroup", "by the scheduler"),
                    ignored(
                            "securityContext",
                            "a module has the rights of its base",
                            spec ->
                                    spec.getSecurityContext() != null
                                            && !spec.getSecurityContext().equals(UNSET)),
                    needless("serviceAccount", "the old name of `serviceAccountName`"),
                    ignored(
                            "serviceAccountName",
                            "towards Kubernetes a module is who its base is",
                            spec -> differs(spec.getServiceAccountName(), "default")),
                    ignored(
                            "setHostnameAsFQDN",
                            "the module sees the base's host name",
                            spec -> isTrue(spec.getSetHostnameAsFQDN())),
                    ignored(
                            "shareProcessNamespace",
                            "all modules of a base share one process anyway",
                            spec -> isTrue(spec.getShareProcessNamespace())),
                    needless("subdomain", "the DNS records of Services have it"),
                    honoured(
                            "terminationGracePeriodSeconds",
                            "bounds a `preStop` hook; without one the Pod goes as soon as its modules"
                                    + " are uninstalled",
                            "ProbesTest#theGraceOfItsPodBoundsAHook"),
                    honoured(
                            "tolerations",
                            "by Kubernetes",
                            "MainJobStory#aDeploymentRunsOneModuleOnEachBaseAndScalesAndGoes"),
                    honoured(
                            "topologySpreadConstraints",
                            "by the scheduler",
                            "MainJobStory#aDeploymentRunsOneModuleOnEachBaseAndScalesAndGoes"),
                    needless(
                            "volumes",
                            "what counts is whether a module's container mounts one, see"
                                    + " `volumeMounts`"));

    private PodFields() {}

    /** What keeps every container of this Pod from being installed. */
    static Optional<String> refusal(V1PodSpec spec) {
        return ROWS.stream()
                .filter(row -> row.isRefusedIn(spec))
                .findFirst()
                .map(row -> row.told(named(row, spec)));
    }

    /** What the spec asks for and does not get. */
    static List<String> ignoredIn(V1PodSpec spec) {
        return ROWS.stream().filter(row -> row.isIgnoredIn(spec)).map(row -> row.told("")).toList();
    }

    private static String named(SpecField<V1PodSpec> row, V1PodSpec spec) {
        return row.path().equals("initContainers")
                ? PodReader.list(spec.getInitContainers()).stream()
                        .map(V1Container::getName)
                        .collect(Collectors.joining(", ", " (", ")"))
                : "";
    }

    static boolean any(@Nullable List<?> list) {
        return list != null && !list.isEmpty();
    }

    static boolean isTrue(@Nullable Boolean flag) {
        return Boolean.TRUE.equals(flag);
    }

    static boolean text(@Nullable String value) {
        return value != null && !value.isEmpty();
    }

    static boolean differs(@Nullable String value, String usual) {
        return text(value) && !Objects.equals(value, usual);
    }
}
