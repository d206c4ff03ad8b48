package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses are called, and what a network contains. */
class AddressesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "::ffff:169.254.169.254",
                "fe80::1",
                "fd00:ec2::254",
                "fd00:0ec2:0::0254",
                "100.100.100.200",
                "192.0.0.192",
                "224.0.0.1",
                "ff02::1",
                "0.0.0.0",
                "0.1.2.3",
                "::",
                "255.255.255.255",
                "host.example",
                ""
            })
    void someAreNeverCalled(String ip) {
        assertThat(new CallableAddresses(true).refusal(ip)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"})
    void loopbackOnlyIfAllowed(String ip) {
        assertThat(new CallableAddresses(false).refusal(ip)).isPresent();
        assertThat(new CallableAddresses(true).refusal(ip)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "192.168.1.1", "100.100.100.201", "8.8.8.8", "fd00::1"})
    void othersMayBe(String ip) {
        assertThat(new CallableAddresses(false).refusal(ip)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3/32, 10.1.2.4, false",
        "10.1.2.128/25, 10.1.2.127, false",
        "0.0.0.0/0, 1.2.3.4, true",
        "0.0.0.0/0, fd00::1, false",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe00::1, false"
    })
    void aNetworkContains(String network, String ip, boolean contained) {
        assertThat(Network.of(network).contains(InetAddress.ofLiteral(ip))).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "example.org/8"})
    void whatIsNoNetworkIsRefused(String text) {
        assertThatThrownBy(() -> Network.of(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
