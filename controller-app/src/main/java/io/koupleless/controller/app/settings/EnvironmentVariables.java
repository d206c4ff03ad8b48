package io.koupleless.controller.app.settings;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * The only place that knows the environment variables of the Go controller and of Pods; a property
 * of ours, wherever it is set, wins over them.
 */
public final class EnvironmentVariables implements EnvironmentPostProcessor, Ordered {
    static final String SOURCE = "environment variables of the Go controller";

    /** Before profiles and configuration files are looked at. */
    private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 5;

    private static final Path NAMESPACE_OF_POD =
            Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

    private static final String KUBECONFIG = "KUBECONFIG";
    private static final String ENABLE_MQTT = "ENABLE_MQTT_TUNNEL";
    private static final String ENABLE_HTTP = "ENABLE_HTTP_TUNNEL";

    /** By property, in order: the first that is set counts. */
    private static final List<Variable> VARIABLES =
            List.of(
                    new Variable("env", "ENV", Empty.IS_UNSET),
                    new Variable("identity", "CLIENT_ID", Empty.IS_UNSET),
                    new Variable("identity", "HOSTNAME", Empty.IS_UNSET),
                    new Variable("namespace", "NAMESPACE", Empty.IS_UNSET),
                    new Variable("namespace", "POD_NAMESPACE", Empty.IS_UNSET),
                    new Variable("kubernetes.kubeconfig", KUBECONFIG, Empty.IS_UNSET),
                    new Variable(
                            "peers.enabled",
                            "ENABLE_MODULE_REPLICAS_SYNC_WITH_BASE",
                            Empty.IS_UNSET),
                    new Variable("http.port", "HTTP_TUNNEL_LISTEN_PORT", Empty.IS_UNSET),
                    new Variable("mqtt.host", "MQTT_BROKER", Empty.IS_UNSET),
                    new Variable("mqtt.port", "MQTT_PORT", Empty.IS_UNSET),
                    new Variable("mqtt.username", "MQTT_USERNAME", Empty.IS_A_VALUE),
                    new Variable("mqtt.password", "MQTT_PASSWORD", Empty.IS_A_VALUE),
                    new Variable("mqtt.client-prefix", "MQTT_CLIENT_PREFIX", Empty.IS_A_VALUE),
                    new Variable("mqtt.tls.ca-path", "MQTT_CA_PATH", Empty.IS_UNSET),
                    new Variable(
                            "mqtt.tls.client-cert-path", "MQTT_CLIENT_CRT_PATH", Empty.IS_UNSET),
                    new Variable(
                            "mqtt.tls.client-key-path", "MQTT_CLIENT_KEY_PATH", Empty.IS_UNSET));

    private static final List<String> UNUSED =
            List.of(
                    "IS_CLUSTER",
                    "WORKLOAD_MAX_LEVEL",
                    "VNODE_WORKER_NUM",
                    "KUBELET_PROXY_ENABLED",
                    "KUBELET_PROXY_PORT",
                    "ENABLE_MODULE_DEPLOYMENT_CONTROLLER",
                    "REPORT_HOOKS",
                    "TRACKER_CONFIG_PATH");

    private enum Empty {
        IS_UNSET,
        IS_A_VALUE
    }

    private record Variable(String setting, String name, Empty empty) {
        private String property() {
            return ControllerProperties.PREFIX + "." + setting;
        }

        private boolean counts(String value) {
            return switch (empty) {
                case IS_A_VALUE -> true;
                case IS_UNSET -> !value.isBlank() && !isListOfKubeconfigs(value);
            };
        }

        /** Which one of a list to take is the client's own business. */
        private boolean isListOfKubeconfigs(String value) {
            return name.equals(KUBECONFIG) && value.contains(File.pathSeparator);
        }
    }

    private final Log log;
    private final Path namespaceFile;

    public EnvironmentVariables(DeferredLogFactory logs) {
        this(logs.getLog(EnvironmentVariables.class), NAMESPACE_OF_POD);
    }

    EnvironmentVariables(Log log, Path namespaceFile) {
        this.log = log;
        this.namespaceFile = namespaceFile;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public void postProcessEnvironment(
            ConfigurableEnvironment environment, SpringApplication application) {
        Map<String, Object> settings = settings(environment::getProperty);
        podNamespace()
                .ifPresent(namespace ->
                        settings.putIfAbsent(
                                ControllerProperties.PREFIX + ".namespace", namespace));
        environment.getPropertySources().addLast(new MapPropertySource(SOURCE, settings));
        addProfile(environment, ENABLE_MQTT, TunnelProfiles.MQTT);
        addProfile(environment, ENABLE_HTTP, TunnelProfiles.HTTP);
        List<String> unused = unused(environment::getProperty);
        if (!unused.isEmpty()) {
            log.info(
                    "These environment variables of the Go controller have no effect: "
                            + String.join(", ", unused));
        }
    }

    /** Names of the variables that set this property as well. */
    public static List<String> namesFor(String property) {
        return VARIABLES.stream()
                .filter(variable -> variable.property().equals(property))
                .map(Variable::name)
                .toList();
    }

    static Map<String, Object> settings(Function<String, @Nullable String> variables) {
        Map<String, Object> settings = new LinkedHashMap<>();
        for (Variable variable : VARIABLES) {
            String value = variables.apply(variable.name());
            if (value != null && variable.counts(value)) {
                settings.putIfAbsent(variable.property(), value);
            }
        }
        return settings;
    }

    private static List<String> unused(Function<String, @Nullable String> variables) {
        return UNUSED.stream()
                .filter(name -> {
                    String value = variables.apply(name);
                    return value != null && !value.isBlank();
                })
                .toList();
    }

    /** As Go does: only this spelling says yes. */
    private static void addProfile(
            ConfigurableEnvironment environment, String variable, String profile) {
        boolean wanted = "true".equals(environment.getProperty(variable));
        if (wanted && Stream.of(environment.getActiveProfiles()).noneMatch(profile::equals)) {
            environment.addActiveProfile(profile);
        }
    }

    private Optional<String> podNamespace() {
        try {
            return Optional.of(Files.readString(namespaceFile).strip())
                    .filter(text -> !text.isEmpty());
        } catch (IOException e) {
            return Optional.empty(); // not in a Pod
        }
    }
}
