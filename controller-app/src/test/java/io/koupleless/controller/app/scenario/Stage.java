package io.koupleless.controller.app.scenario;

import io.koupleless.controller.testkit.base.BaseMetadata;
import io.koupleless.controller.testkit.base.BrokerAddress;
import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.base.SampleBaseOptions;
import io.koupleless.controller.testkit.base.Samples;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.playground.ControllerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/**
 * The real parts that scenarios share, and the tunnel between them: started by the first scenario
 * of this JVM that wants that tunnel, ended with the JVM.
 */
abstract class Stage {
    static final String ENV = Premises.ENV;

    /** {@code kubectl delete --force}: nobody is waited for. */
    static final String BY_FORCE =
            """
            {"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":0}
            """;

    private static final Duration UP = Duration.ofSeconds(180);
    private static final Duration SEEN = Duration.ofSeconds(120);

    /** States of an entry. */
    private static final List<String> UNDER_WAY = List.of("installing", "reloading", "removing");

    private final Samples samples = Samples.find();
    private final Premises premises;
    private final List<SampleBase> bases = new CopyOnWriteArrayList<>();

    /**
     * A control plane and nothing else yet.
     *
     * @param name of the directory with the logs
     */
    Stage(String name) {
        premises = Premises.open(name);
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "end-of-" + name));
    }

    /** As {@code vnode.koupleless.io/tunnel} tells. */
    abstract String tunnel();

    abstract ControllerProcess controller();

    /** Overhears the commands from now on. */
    abstract CommandTap tap();

    abstract SampleBaseOptions optionsOf(String identity);

    /** The base serves: whoever has to tell the controller tells it. */
    abstract void introduce(SampleBase base);

    /** Nobody tells the controller of the base any more, though it lives on. */
    abstract void conceal(SampleBase base);

    /** The end of that. */
    abstract void reveal(SampleBase base);

    /** Whatever told of the base is gone. */
    abstract void forget(SampleBase base);

    /** A label of the base's Node that no other Node has. */
    abstract String labelOf(SampleBase base);

    /** Two bases, as the manifests of the samples want them; their JVMs begin. */
    final void startBases() {
        for (String identity : List.of("base-1", "base-2")) {
            bases.add(SampleBase.start(optionsOf(identity)));
        }
    }

    final void awaitBases() {
        bases.forEach(base -> {
            base.awaitUp(UP);
            introduce(base);
        });
        bases.forEach(base -> cluster().awaitNode(nodeName(base), Conditions::ready));
    }

    final ControllerProcess startController(
            String profiles, Optional<BrokerAddress> broker, Map<String, String> more) {
        return premises.startController(profiles, broker, more);
    }

    /** Ends every process; they may have begun or not. */
    void close() {
        bases.forEach(SampleBase::close);
        premises.close();
    }

    /** Takes what scenarios write; stays for the reader of a failure. */
    final Path directory() {
        return premises.directory();
    }

    final ClusterUser cluster() {
        return premises.cluster();
    }

    final SampleBase base(int number) {
        return bases.get(number - 1);
    }

    /** The name of the base's Node, as soon as there is one. */
    final String nodeName(SampleBase base) {
        JsonNode found =
                cluster()
                        .await(
                                ApiPath.nodes().query("labelSelector", labelOf(base)),
                                SEEN,
                                nodes -> !nodes.path("items").isEmpty());
        return found.at("/items/0/metadata/name").asString();
    }

    /** A base of its own for a scenario that ends it; no Deployment of the samples wants it. */
    final SampleBase anotherBase(String identity, String... flags) {
        SampleBaseOptions options = optionsOf(identity);
        BaseMetadata guest = options.metadata().named("guest", "1.0.0");
        return started(options.metadata(guest).with(flags));
    }

    final SampleBase started(SampleBaseOptions options) {
        SampleBase base = SampleBase.start(options);
        base.awaitUp(UP);
        introduce(base);
        cluster().awaitNode(nodeName(base), Conditions::ready);
        return base;
    }

    /** The end of a base that a scenario had for itself. */
    final void dismiss(SampleBase base) {
        base.kill();
        base.close();
        forget(base);
    }

    /**
     * No command for the base is under way, as its record says: a controller that is killed before
     * that leaves the next one in doubt, which waits for two deadlines.
     */
    final void awaitSettled(SampleBase base) {
        ApiPath record = ApiPath.configMaps(Premises.CONTROLLER_NAMESPACE).child(nodeName(base));
        cluster()
                .await(
                        record,
                        SEEN,
                        map ->
                                UNDER_WAY.stream()
                                        .noneMatch(map.at("/data/record").asString("")::contains));
    }

    /** A manifest of the samples for this environment. */
    final String manifest(String file) {
        return samples.modules()
                .fillIn(samples.manifest(file))
                .replace("value: dev", "value: " + ENV)
                .replace("/env: dev", "/env: " + ENV);
    }

    final String moduleUrl(String name, String version) {
        return samples.modules().url(name, version);
    }
}
