package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeartbeatRouteTest {

    @ParameterizedTest
    @CsvSource({
        "/heartbeat,/heartbeat,''",
        "//heartbeat//,/heartbeat,''",
        "/%68eartbeat,/heartbeat,''",
        "/queryBaseline/,/queryBaseline,''",
        "/t/s3cret/heartbeat,/heartbeat,s3cret",
        "/t/s3cret//heartbeat/,/heartbeat,s3cret",
        "//t//s3cret/queryBaseline,/queryBaseline,s3cret",
        "/t/a%20b+c=/heartbeat,/heartbeat,a b+c="
    })
    void leadsToOneOfTwoPlaces(String uri, String path, String token) {
        HeartbeatRoute route = HeartbeatRoute.of(uri);

        assertThat(route).isEqualTo(new HeartbeatRoute(path, token));
        assertThat(route.exists()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "*",
                "/nope",
                "/Heartbeat",
                "/heartbeat/x",
                "/heartbeat/../heartbeat",
                "/heartbeat%",
                "/heartbeat%zz",
                "/t/",
                "/t/heartbeat",
                "/t//heartbeat",
                "/t/a/b/heartbeat"
            })
    void orNowhere(String uri) {
        assertThat(HeartbeatRoute.of(uri).exists()).isFalse();
    }

    @Test
    void anEncodedSlashEndsNoToken() {
        assertThat(HeartbeatRoute.of("/t/a%2Fb/heartbeat").exists()).isFalse();
    }
}
