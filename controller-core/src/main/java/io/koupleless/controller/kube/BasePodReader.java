package io.koupleless.controller.kube;

import static io.koupleless.controller.kube.PodReader.list;
import static io.koupleless.controller.kube.PodReader.text;

import io.koupleless.controller.base.BasePort;
import io.koupleless.controller.base.BaseTraits;
import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.discovery.FoundBase;
import io.koupleless.controller.node.Labels;
import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.pod.PodRef;
import io.kubernetes.client.openapi.models.V1ContainerPort;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodIP;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1PodStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a Pod as one that may run a base; whatever is missing in it, never fails. */
final class BasePodReader {
    private static final String ARKLET_PORT_NAME = "arklet";

    private final BasePodSettings settings;
    private final String nodesOfOurEnv;

    BasePodReader(BasePodSettings settings) {
        this.settings = settings;
        this.nodesOfOurEnv = "." + settings.env().toLowerCase(Locale.ROOT);
    }

    BasePod read(V1Pod pod) {
        V1ObjectMeta metadata = Objects.requireNonNullElseGet(pod.getMetadata(), V1ObjectMeta::new);
        V1PodSpec spec = Objects.requireNonNullElseGet(pod.getSpec(), V1PodSpec::new);
        V1PodStatus status = Objects.requireNonNullElseGet(pod.getStatus(), V1PodStatus::new);
        return new BasePod(
                new PodRef(
                        text(metadata.getNamespace()),
                        text(metadata.getName()),
                        text(metadata.getUid())),
                WireTime.read(metadata.getCreationTimestamp()),
                text(spec.getNodeName()),
                state(metadata, spec, status));
    }

    private BasePod.State state(V1ObjectMeta metadata, V1PodSpec spec, V1PodStatus status) {
        if (runsModules(labels(metadata), text(spec.getNodeName()))) {
            return new BasePod.OfModules();
        }
        String ip = ip(status);
        return switch (text(status.getPhase())) {
            case "Succeeded", "Failed" -> new BasePod.Ended();
            case "Running" -> ip.isEmpty() ? new BasePod.Nowhere() : running(metadata, spec, ip);
            default -> new BasePod.Nowhere();
        };
    }

    private BasePod.State running(V1ObjectMeta metadata, V1PodSpec spec, String ip) {
        String annotation = annotation(metadata);
        boolean named = !text(labels(metadata).get(Labels.BASE_NAME)).isEmpty();
        boolean sharedIp = Boolean.TRUE.equals(spec.getHostNetwork());
        if (sharedIp && (annotation.isEmpty() || !named)) {
            return new BasePod.Unclear(
                    "on the host's network, where bases share an address, it needs label "
                            + Labels.BASE_NAME
                            + " and annotation "
                            + Labels.ARKLET_PORT);
        }
        int port = annotation.isEmpty() ? portOfContainers(spec) : number(annotation);
        if (!BasePodSettings.isPort(port)) {
            return new BasePod.Unclear("annotation " + Labels.ARKLET_PORT + " is no port");
        }
        FoundBase base = base(metadata, spec, new BaseAddress(ip, port));
        return metadata.getDeletionTimestamp() == null
                ? new BasePod.Serving(base)
                : new BasePod.Leaving(base);
    }

    /** By its node too: whoever selects Pods by a label of their own may catch unlabelled ones. */
    static boolean onVirtualNode(V1PodSpec spec) {
        return NodeName.mayBe(text(spec.getNodeName()));
    }

    private boolean runsModules(Map<String, String> labels, String node) {
        return PodReader.labelled(labels) || (NodeName.mayBe(node) && node.endsWith(nodesOfOurEnv));
    }

    /** Of two families the first is what the cluster prefers. */
    static String ip(V1PodStatus status) {
        return list(status.getPodIPs()).stream()
                .map(V1PodIP::getIp)
                .filter(ip -> ip != null && !ip.isEmpty())
                .findFirst()
                .orElseGet(() -> text(status.getPodIP()));
    }

    private int portOfContainers(V1PodSpec spec) {
        return list(spec.getContainers()).stream()
                .flatMap(container -> list(container.getPorts()).stream())
                .filter(port -> ARKLET_PORT_NAME.equals(port.getName()))
                .map(V1ContainerPort::getContainerPort)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(settings.port());
    }

    private FoundBase base(V1ObjectMeta metadata, V1PodSpec spec, BaseAddress address) {
        Map<String, String> labels = labels(metadata);
        return new FoundBase(
                address,
                first(labels.get(Labels.BASE_NAME), BasePodName.of(metadata)),
                first(labels.get(Labels.BASE_VERSION), text(labels.get(Labels.APP_VERSION))),
                first(labels.get(Labels.BASE_CLUSTER_NAME), settings.clusterName()),
                first(spec.getHostname(), text(metadata.getName())),
                new BaseTraits(
                                settings.carried().relevant(labels),
                                settings.carried().relevant(annotations(metadata)),
                                "",
                                "")
                        .with(pages(spec, address.port())));
    }

    /** All that its containers list, but for arklet's own. */
    private static List<BasePort> pages(V1PodSpec spec, int arklet) {
        return list(spec.getContainers()).stream()
                .flatMap(container -> list(container.getPorts()).stream())
                .filter(port -> port.getContainerPort() != null)
                .filter(port -> !ARKLET_PORT_NAME.equals(port.getName()))
                .filter(port -> port.getContainerPort() != arklet)
                .map(port -> new BasePort(text(port.getName()), port.getContainerPort()))
                .toList();
    }

    private static String first(@Nullable String said, String otherwise) {
        return said == null || said.isEmpty() ? otherwise : said;
    }

    private static String annotation(V1ObjectMeta metadata) {
        return text(annotations(metadata).get(Labels.ARKLET_PORT)).strip();
    }

    private static Map<String, String> annotations(V1ObjectMeta metadata) {
        return Objects.requireNonNullElse(metadata.getAnnotations(), Map.of());
    }

    private static Map<String, String> labels(V1ObjectMeta metadata) {
        return Objects.requireNonNullElse(metadata.getLabels(), Map.of());
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
