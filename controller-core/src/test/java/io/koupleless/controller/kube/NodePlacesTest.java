package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodePlacesTest {
    private final Queue<Runnable> work = new ArrayDeque<>();
    private long nanos = 1_000;
    private int told;
    private ApiServerStub server;
    private KubeClients clients;
    private NodePlaces places;

    @BeforeEach
    void start() throws IOException {
        server = new ApiServerStub();
        clients =
                KubeClients.of(
                        server.client(), KubeClientSettings.DEFAULTS, new SimpleMeterRegistry());
        places = new NodePlaces(new KubeRequests(clients), () -> nanos, work::add);
    }

    @AfterEach
    void stop() {
        clients.close();
        server.close();
    }

    private static String node(String zone) {
        return """
        {"metadata": {"name": "m", "labels": {"topology.kubernetes.io/zone": "%s",
         "topology.kubernetes.io/region": "north"}}}
        """
                .formatted(zone);
    }

    private String zone() {
        return places.of("m", () -> told++).map(NodePlaces.Known::zone).orElse("unknown");
    }

    private void workIsDone() {
        while (!work.isEmpty()) {
            work.remove().run();
        }
    }

    @Test
    void aNodeIsReadByAWorkerOnceHoweverManyAsk() {
        server.answers(200, node("zone-a"));

        assertThat(zone()).isEqualTo("unknown");
        assertThat(zone()).isEqualTo("unknown");
        assertThat(server.asked).as("who asks is not kept waiting").isEmpty();
        workIsDone();

        assertThat(told).isEqualTo(1);
        assertThat(zone()).isEqualTo("zone-a");
        assertThat(places.of("m", () -> told++).orElseThrow().region()).isEqualTo("north");
        assertThat(server.asked).containsExactly("GET /api/v1/nodes/m");
    }

    @Test
    void anotherNodeOfTheSameNameIsNoticedAndTheOldWordStandsUntilThen() {
        server.answers(200, node("zone-a")).answers(200, node("zone-b"));
        zone();
        workIsDone();
        nanos += Duration.ofMinutes(10).toNanos();

        assertThat(zone()).isEqualTo("zone-a");
        workIsDone();

        assertThat(zone()).isEqualTo("zone-b");
        assertThat(told).isEqualTo(2);
    }

    @Test
    void aNodeThatIsNotThereOrMayNotBeReadHasNoZone() {
        server.answers(404, "{\"details\": {\"name\": \"m\"}}").answers(403, "{}");
        zone();
        workIsDone();
        assertThat(zone()).isEmpty();
        assertThat(told).isEqualTo(1);

        nanos += Duration.ofMinutes(10).toNanos();
        zone();
        workIsDone();
        assertThat(zone()).isEmpty();
        assertThat(server.asked).hasSize(2);
    }

    @Test
    void afterAFailureItIsReadAgainWithTheNextNews() {
        server.answers(500, "{}").answers(200, node("zone-a"));
        zone();
        workIsDone();
        assertThat(told).isZero();

        assertThat(zone()).isEqualTo("unknown");
        workIsDone();
        assertThat(zone()).isEqualTo("zone-a");
        assertThat(told).isEqualTo(1);
    }

    @Test
    void aPodThatIsBoundToNoNodeIsNowhere() {
        assertThat(places.of("", () -> told++)).isEmpty();
        assertThat(work).isEmpty();
    }
}
