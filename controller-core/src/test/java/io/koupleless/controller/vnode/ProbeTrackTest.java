package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.pod.Check;
import io.koupleless.controller.pod.Probe;
import io.koupleless.controller.pod.ProbeKind;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a row of results means, as a kubelet counts: g is good, b is bad. */
class ProbeTrackTest {
    private static ProbeTrack track(ProbeKind kind, int successes, int failures, boolean good) {
        Duration second = Duration.ofSeconds(1);
        Check check = new Check.TcpSocket("", new Check.PortNumber(1));
        return new ProbeTrack(
                kind,
                new Probe(check, Duration.ZERO, second, second, successes, failures, second),
                good);
    }

    @ParameterizedTest
    @CsvSource({
        // kind, successes and failures needed, good before, results: what holds after each
        "READINESS, 1, 3, false, gbbgbbbg, ++++++-+",
        "READINESS, 1, 3, true,  bbgbbb,   +++++-",
        "READINESS, 2, 1, false, gbggb,    ---+-",
        "READINESS, 1, 1, false, bgbg,     -+-+",
        "STARTUP,   1, 3, false, bbg,      --+",
        "STARTUP,   1, 3, false, bbbg,     --xx",
        "LIVENESS,  1, 3, true,  bbgbbbg,  +++++xx",
        "LIVENESS,  1, 1, true,  gb,       +x"
    })
    void counts(
            ProbeKind kind, int successes, int failures, boolean before, String got, String means) {
        ProbeTrack track = track(kind, successes, failures, before);
        StringBuilder seen = new StringBuilder();
        for (char result : got.toCharArray()) {
            boolean good = track.good();
            boolean over = track.failedForGood();
            boolean told = track.took(result == 'g');
            assertThat(told)
                    .as("after %s: a change is told once", seen)
                    .isEqualTo(good != track.good() || over != track.failedForGood());
            seen.append(track.failedForGood() ? 'x' : track.good() ? '+' : '-');
        }
        assertThat(seen).hasToString(means);
    }
}
