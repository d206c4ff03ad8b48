package io.koupleless.controller.testkit.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaneLookupTest {
    private final List<String> said = new ArrayList<>();
    private final ControlPlaneOptions options = ControlPlaneOptions.defaults().telling(said::add);

    @TempDir Path home;

    @Test
    void nothingThereNamesTheThreeWays() {
        assertThatThrownBy(() -> lookup(Map.of(), false, false).find(options))
                .isInstanceOf(ControlPlaneException.class)
                .hasMessageContainingAll("KUBEBUILDER_ASSETS", "Docker", "Go");
    }

    @Test
    void assetsComeFirst() throws IOException {
        Path assets =
                programs("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler");

        assertThat(
                        lookup(Map.of("KUBEBUILDER_ASSETS", assets.toString()), true, true)
                                .find(options))
                .isEqualTo(new ControlPlaneOrigin.Assets(assets));
    }

    @Test
    void incompleteAssetsAreSaidAndPassedOver() throws IOException {
        Path assets = programs("etcd", "kube-apiserver");

        assertThat(
                        lookup(Map.of("KUBEBUILDER_ASSETS", assets.toString()), true, true)
                                .find(options))
                .isEqualTo(new ControlPlaneOrigin.Docker());
        assertThat(said).singleElement().asString().contains("lacks kube-controller-manager");
    }

    @Test
    void incompleteAssetsSufficeForWhoNeedsNoMore() throws IOException {
        Path assets = programs("etcd", "kube-apiserver");
        ControlPlaneOptions bare =
                options.without(Component.CONTROLLER_MANAGER).without(Component.SCHEDULER);

        assertThat(lookup(Map.of("KUBEBUILDER_ASSETS", assets.toString()), true, true).find(bare))
                .isEqualTo(new ControlPlaneOrigin.Assets(assets));
    }

    @Test
    void goBuildsIntoTheCacheOfTheUser() {
        assertThat(lookup(Map.of(), false, true).find(options))
                .isEqualTo(new ControlPlaneOrigin.Built(cache()));
    }

    @Test
    void whatIsBuiltNeedsNoGo() throws IOException {
        programsIn(cache(), "etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler");

        assertThat(lookup(Map.of(), false, false).find(options))
                .isEqualTo(new ControlPlaneOrigin.Built(cache()));
    }

    @Test
    void aGivenClusterBeatsEverything() {
        Path kubeconfig = Path.of("kind.yaml");

        assertThat(lookup(Map.of(), true, true).find(options.onClusterOf(kubeconfig)))
                .isEqualTo(new ControlPlaneOrigin.Given(kubeconfig));
    }

    private ControlPlaneLookup lookup(Map<String, String> environment, boolean docker, boolean go) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("XDG_CACHE_HOME", home.toString());
        return new ControlPlaneLookup(all, () -> docker, () -> go);
    }

    private Path cache() {
        return home.resolve("module-controller/kubernetes-" + KubernetesBinaries.VERSION);
    }

    private Path programs(String... names) throws IOException {
        return programsIn(home.resolve("assets"), names);
    }

    private static Path programsIn(Path directory, String... names) throws IOException {
        Files.createDirectories(directory);
        for (String name : names) {
            assertThat(Files.createFile(directory.resolve(name)).toFile().setExecutable(true))
                    .isTrue();
        }
        return directory;
    }
}
