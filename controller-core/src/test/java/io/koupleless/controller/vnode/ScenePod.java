package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodOwner;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.pod.PodTerms;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Pods for {@link Scene}. */
record ScenePod(
        String name,
        boolean labelled,
        boolean terminating,
        ModulePod.RestartPolicy policy,
        PodTerms terms,
        List<ModuleRef> modules) {

    /** A bare module Pod. */
    static ScenePod of(String name, ModuleRef... modules) {
        return new ScenePod(
                name, true, false, ModulePod.RestartPolicy.ALWAYS, PodTerms.NONE, List.of(modules));
    }

    ScenePod never() {
        return new ScenePod(
                name, labelled, terminating, ModulePod.RestartPolicy.NEVER, terms, modules);
    }

    ScenePod unlabelled() {
        return new ScenePod(name, false, terminating, policy, terms, modules);
    }

    ScenePod deleted() {
        return new ScenePod(name, labelled, true, policy, terms, modules);
    }

    ScenePod activeFor(Duration limit) {
        return new ScenePod(
                name,
                labelled,
                terminating,
                policy,
                new PodTerms(terms.owner(), Optional.of(limit), terms.ignored()),
                modules);
    }

    ScenePod ignoring(PodOwner owner, String... fields) {
        return new ScenePod(
                name,
                labelled,
                terminating,
                policy,
                new PodTerms(Optional.of(owner), terms.activeDeadline(), List.of(fields)),
                modules);
    }

    /** New, as a user makes it. */
    ModulePod made() {
        return made("5", PodStatus.NONE);
    }

    ModulePod made(String version, PodStatus status) {
        return new ModulePod(
                new PodRef("default", name, "uid-" + name),
                "vnode.b.test",
                labelled,
                version,
                At.WALL,
                0,
                terminating,
                "",
                policy,
                List.of(),
                modules.stream().map(ScenePod::container).toList(),
                terms,
                status,
                Optional.empty());
    }

    private static ModuleContainer container(ModuleRef ref) {
        String url = "http://repo/" + ref.name() + ".jar";
        return new ModuleContainer(
                ref.name(),
                url,
                new ModuleContainer.Module(ref, URI.create(url), "hash of " + url));
    }

    /** The same with other containers. */
    static ModulePod asking(ModulePod pod, ModuleContainer... containers) {
        return copy(pod, pod.resourceVersion(), List.of(containers));
    }

    /** The same in another version. */
    static ModulePod at(ModulePod pod, String version) {
        return copy(pod, version, pod.containers());
    }

    private static ModulePod copy(ModulePod pod, String version, List<ModuleContainer> containers) {
        return new ModulePod(
                pod.ref(),
                pod.nodeName(),
                pod.labelled(),
                version,
                pod.createdAt(),
                pod.priority(),
                pod.terminating(),
                pod.revision(),
                pod.restartPolicy(),
                pod.readinessGates(),
                containers,
                pod.terms(),
                pod.status(),
                pod.deletion());
    }
}
