package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.pod.PodRef;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class KubeRequestsTest {
    private static final ApiPath POD = ApiPath.pod(new PodRef("shop", "a", "u"));

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private ApiServerStub server;
    private KubeClients clients;
    private KubeRequests requests;

    @BeforeEach
    void start() throws IOException {
        server = new ApiServerStub();
        clients = KubeClients.of(server.client(), KubeClientSettings.DEFAULTS, meters);
        requests = new KubeRequests(clients);
    }

    @AfterEach
    void stop() {
        clients.close();
        server.close();
    }

    private double count(String verb, String resource, String code) {
        return meters.get("module.controller.api.requests")
                .tags("verb", verb, "resource", resource, "code", code)
                .counter()
                .count();
    }

    @Test
    void aPodIsMissingOnlyIfTheServerNamesIt() {
        server.answers(404, "{\"message\": \"gone\", \"details\": {\"name\": \"a\"}}")
                .answers(404, "{\"message\": \"the server could not find the requested resource\"}")
                .answers(404, "404 page not found");

        assertThat(requests.get(POD)).isEqualTo(new Reply.NotFound());
        assertThat(requests.get(POD)).isInstanceOf(Reply.Failed.class);
        assertThat(requests.get(POD)).isInstanceOf(Reply.Failed.class);
    }

    @Test
    void aCreateWithoutNamespaceIsAFailure() {
        server.answers(404, "{\"details\": {\"name\": \"shop\", \"kind\": \"namespaces\"}}");

        assertThat(requests.create(POD, JsonNodeFactory.instance.objectNode()))
                .isInstanceOf(Reply.Failed.class);
    }

    @Test
    void aRefusalSaysWhatTheServerSays() {
        server.answers(
                422,
                "{\"message\": \"no\","
                        + " \"details\": {\"causes\": [{\"field\": \"metadata.uid\"}]}}");

        assertThat(requests.get(POD)).isEqualTo(new Reply.Refused("no", Set.of("metadata.uid")));
    }

    @Test
    void aConflictIsOne() {
        server.answers(409, "{}");

        assertThat(requests.delete(POD, JsonNodeFactory.instance.objectNode()))
                .isEqualTo(new Reply.Conflict());
        assertThat(count("delete", "pods", "409")).isEqualTo(1);
    }

    @Test
    void anythingElseIsAFailureThatMayPass() {
        server.answers(500, "oops").answers(401, "{\"message\": \"who?\"}");

        assertThat(requests.get(POD)).isEqualTo(new Reply.Failed(500, "HTTP 500: oops"));
        assertThat(requests.get(POD)).isEqualTo(new Reply.Failed(401, "HTTP 401: who?"));
    }

    @Test
    void noServerIsAFailureToo() {
        server.close();

        assertThat(requests.get(POD))
                .isInstanceOfSatisfying(
                        Reply.Failed.class, failed -> assertThat(failed.code()).isZero());
        assertThat(count("get", "pods", "none")).isEqualTo(1);
    }

    @Test
    void anOverloadedServerIsAskedAgainWhenItSays() {
        server.throttles("0").throttles("0").answers(200, "{}");

        assertThat(requests.patch(POD.status(), KubeRequests.Patch.STRATEGIC, json()))
                .isInstanceOf(Reply.Ok.class);
        assertThat(server.asked).hasSize(3);
        assertThat(count("patch", "pods/status", "429")).isEqualTo(2);
        assertThat(count("patch", "pods/status", "200")).isEqualTo(1);
    }

    @Test
    void aLongPauseIsTheCallersToMake() {
        server.throttles("60");

        assertThat(requests.get(POD)).isEqualTo(new Reply.Failed(429, "HTTP 429: busy"));
        assertThat(server.asked).hasSize(1);
    }

    @Test
    void threeTimesIsEnough() {
        server.throttles("0").throttles("0").throttles("0");

        assertThat(requests.get(POD)).isInstanceOf(Reply.Failed.class);
        assertThat(server.asked).hasSize(3);
    }

    @Test
    void pathsAreCountedInTheWordsOfRbac() {
        for (int i = 0; i < 4; i++) {
            server.answers(200, "{}");
        }
        requests.get(ApiPath.PODS.with("fieldSelector", "spec.nodeName=n"));
        requests.get(ApiPath.nodeLeases().child("n"));
        requests.get(new ApiPath("/version"));
        requests.create(ApiPath.events("apis"), json());

        assertThat(count("list", "pods", "200")).isEqualTo(1);
        assertThat(count("get", "leases", "200")).isEqualTo(1);
        assertThat(count("get", "version", "200")).isEqualTo(1);
        assertThat(count("create", "events", "200")).isEqualTo(1);
    }

    private static ObjectNode json() {
        return JsonNodeFactory.instance.objectNode();
    }
}
