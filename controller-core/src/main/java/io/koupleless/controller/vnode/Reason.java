package io.koupleless.controller.vnode;

import java.util.Set;

/** Every reason that we write into a status or an Event; codes are {@code <Source>.<Type>}. */
public final class Reason {
    private Reason() {}

    // Containers that wait.
    public static final String CREATING = "ContainerCreating";
    public static final String STARTING = "Arklet.InstallBizExecuting";
    public static final String PULL_FAILED = "Arklet.PullBizError";
    public static final String PULL_TIMED_OUT = "Arklet.PullBizTimeOut";
    public static final String URL_INVALID = "OtherUpstream.DecodeURLFailed";
    public static final String PARAMETER_INVALID = "ModuleController.InvalidParameter";
    public static final String REQUEST_INVALID = "ModuleController.InvalidRequest";
    public static final String METASPACE_FULL = "User.MetaspaceFull";
    public static final String DISK_FULL = "User.DiskFull";
    public static final String MODULE_FAILED = "User.InstallBizUserError";
    public static final String INSTALL_FAILED = "Arklet.InstallBizFailed";
    public static final String INSTALL_TIMED_OUT = "Arklet.InstallBizTimedOut";
    public static final String REQUEST_REFUSED = "Arklet.InstallationRequirementNotMet";
    public static final String SEND_REFUSED = "Arklet.NetworkError";
    public static final String OWNED_BY_OTHER = "ModuleController.UnderOperation";
    public static final String OTHER_VERSION_ACTIVE = "Arklet.UnInstallationRequirementNotMet";
    public static final String VANISHED = "ModuleVanished";
    public static final String RELOADED = "ModuleReloaded";
    public static final String BASE_RESTARTED = "BaseRestarted";
    public static final String LIVENESS_FAILED = "LivenessProbeFailed";
    public static final String STARTUP_FAILED = "StartupProbeFailed";

    // Probes and hooks, in the words of a kubelet.
    public static final String UNHEALTHY = "Unhealthy";
    public static final String PROBE_ERROR = "ProbeError";
    public static final String HOOK_FAILED = "FailedPreStopHook";

    // Pods that cannot go.
    public static final String UNINSTALL_FAILED = "Arklet.UninstallBizFailed";
    public static final String UNINSTALL_TIMED_OUT = "Arklet.UninstallBizTimedOut";

    // Nodes.
    public static final String ANSWERING = "BaseAnswering";
    public static final String SILENT = "BaseSilent";
    public static final String NOT_ACTIVE = "BaseNotActivated";
    public static final String TERMINATING = "BaseTerminating";
    public static final String NODE_NOT_READY = "NodeNotReady";
    public static final String IDENTITY_CONFLICT = "IdentityConflict";
    public static final String METASPACE_PRESSURE = "MetaspacePressure";

    // What a Pod asks for and does not get.
    public static final String FIELDS_IGNORED = "FieldsIgnored";
    public static final String NOT_A_MODULE = "NotAModule";
    public static final String DEADLINE_EXCEEDED = "DeadlineExceeded";

    // Events that tell of something good.
    public static final String INSTALLED = "ModuleInstalled";
    public static final String UNINSTALLED = "ModuleUninstalled";

    /** Reasons whose Event comes with the first status that shows them; failures tell their own. */
    static final Set<String> TOLD_WITH_THE_STATUS =
            Set.of(
                    PARAMETER_INVALID,
                    REQUEST_INVALID,
                    URL_INVALID,
                    OTHER_VERSION_ACTIVE,
                    OWNED_BY_OTHER,
                    METASPACE_FULL);

    /** The same for containers that have ended for good. */
    static final Set<String> TOLD_WITH_THE_END =
            Set.of(PARAMETER_INVALID, REQUEST_INVALID, URL_INVALID, VANISHED, BASE_RESTARTED);
}
