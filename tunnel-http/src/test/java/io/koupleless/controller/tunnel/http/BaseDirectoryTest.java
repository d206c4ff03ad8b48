package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.base.BaseTraits;
import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.discovery.FoundBase;
import io.koupleless.controller.testkit.tunnel.ManualTicker;
import io.koupleless.controller.tunnel.http.BaseDirectory.Leaver;
import io.koupleless.controller.tunnel.http.BaseDirectory.Sighting;
import io.koupleless.controller.tunnel.http.BaseDirectory.Verdict;
import io.koupleless.controller.tunnel.http.HttpSettings.Client;
import io.koupleless.controller.tunnel.http.HttpSettings.Discovery;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BaseDirectoryTest {
    private static final String IP = "10.0.0.5";
    private static final BaseAddress PLACE = new BaseAddress(IP, 1238);
    private static final BaseAddress SECOND = new BaseAddress(IP, 1239);
    private static final Duration LONG_UP = Duration.ofHours(1);

    private final ManualTicker ticker = new ManualTicker();
    private final BaseDirectory directory = new BaseDirectory(settings(100), ticker);

    @Test
    void aBaseIsCalledWhatItCallsItself() {
        KnownBase base = found(PLACE);

        assertThat(answer(base, "base-1", LONG_UP)).hasValue("base-1");
        assertThat(directory.of(new BaseId("base-1"))).hasValue(base);
    }

    @Test
    void aBaseThatCallsItselfNothingIsCalledByItsIp() {
        assertThat(answer(found(PLACE), "", LONG_UP)).hasValue(IP);
    }

    @Test
    void aSecondBaseOnOneIpGetsItsPort() {
        assertThat(answer(found(PLACE), "", LONG_UP)).hasValue(IP);
        assertThat(answer(found(SECOND), "", LONG_UP)).hasValue(IP + "-1239");
    }

    @Test
    void twoBasesThatBothCallThemselvesByTheirIpStayApart() {
        KnownBase one = found(PLACE);
        KnownBase two = found(SECOND);

        assertThat(answer(one, IP, LONG_UP)).hasValue(IP);
        assertThat(answer(two, IP, LONG_UP)).hasValue(IP + "-1239");
        assertThat(answer(one, IP, LONG_UP)).hasValue(IP);
        assertThat(answer(two, IP, LONG_UP)).hasValue(IP + "-1239");
    }

    @Test
    void twoBeatingBasesOnOneIpStayApart() {
        assertThat(beat(IP, PLACE)).isEqualTo(IP);
        assertThat(beat(IP, SECOND)).isEqualTo(IP + "-1239");
        assertThat(beat(IP, PLACE)).isEqualTo(IP);
    }

    @Test
    void aBaseThatCameBackAtAnotherPortKeepsItsName() {
        answer(found(PLACE), "", LONG_UP);
        ticker.advance(Duration.ofMinutes(1));

        assertThat(answer(found(SECOND), "", Duration.ofSeconds(5))).hasValue(IP);
    }

    @Test
    void colonsOfAnIpV6AddressBecomeDashes() {
        assertThat(answer(found(new BaseAddress("fd00::5", 1238)), "", LONG_UP))
                .hasValue("fd00--5");
        assertThat(answer(found(new BaseAddress("fd00::5", 1239)), "", LONG_UP))
                .hasValue("fd00--5-1239");
    }

    @Test
    void spellingsOfAnIpV6AddressAreOnePlace() {
        KnownBase base = found(new BaseAddress("fd00::5", 1238));

        assertThat(directory.remember(new BaseAddress("fd00:0:0::5", 1238), base("x", PLACE, "")))
                .hasValue(base);
    }

    @Test
    void aHeartbeatOfTheSameProcessIsAnAlias() {
        KnownBase base = found(PLACE);
        answer(base, "", LONG_UP);
        ticker.advance(Duration.ofSeconds(5));

        assertThat(directory.beat(base("base-x", PLACE, "h")))
                .isEqualTo(new Sighting.Doubtful(base));
        Verdict verdict = directory.answered(base, "", Optional.of(LONG_UP.plusSeconds(5)));

        assertThat(verdict.from()).hasValue(new BaseId(IP));
        assertThat(verdict.seen()).hasValue(base(IP, PLACE, "h"));
        assertThat(beat("base-x", PLACE)).isEqualTo(IP);
        assertThat(answer(base, "base-x", LONG_UP.plusSeconds(6))).hasValue(IP);
    }

    @Test
    void aHeartbeatOfAnotherProcessAtTheSameAddressIsAnotherBase() {
        assertThat(beat("base-a", PLACE)).isEqualTo("base-a");
        ticker.advance(Duration.ofMinutes(2));

        assertThat(directory.beat(base("base-b", PLACE, ""))).isInstanceOf(Sighting.Doubtful.class);
        KnownBase base = directory.of(new BaseId("base-a")).orElseThrow();
        Verdict verdict = directory.answered(base, "", Optional.of(Duration.ofSeconds(20)));

        assertThat(verdict.seen()).map(Base::id).hasValue(new BaseId("base-b"));
        assertThat(directory.of(new BaseId("base-a"))).isEmpty();
        assertThat(beat("base-b", PLACE)).isEqualTo("base-b");
    }

    @Test
    void afterARestartThatWasSeenANewNameIsANewBase() {
        assertThat(beat("base-a", PLACE)).isEqualTo("base-a");
        KnownBase base = directory.of(new BaseId("base-a")).orElseThrow();
        directory.answered(base, "", Optional.of(LONG_UP));
        ticker.advance(Duration.ofSeconds(20));
        directory.answered(base, "", Optional.of(Duration.ofSeconds(5)));

        assertThat(beat("base-b", PLACE)).isEqualTo("base-b");
        assertThat(directory.of(new BaseId("base-a"))).isEmpty();
    }

    @Test
    void afterARestartTheSameNameIsTheSameBase() {
        assertThat(beat("base-a", PLACE)).isEqualTo("base-a");
        KnownBase base = directory.of(new BaseId("base-a")).orElseThrow();
        ticker.advance(Duration.ofSeconds(20));
        directory.answered(base, "base-a", Optional.of(Duration.ofSeconds(5)));

        assertThat(beat("base-a", PLACE)).isEqualTo("base-a");
    }

    @Test
    void anAnswerOfSomebodyElseIsNobodysWhileTheProcessIsTheSame() {
        KnownBase base = found(PLACE);
        answer(base, "base-1", LONG_UP);

        assertThat(answer(base, "base-2", LONG_UP)).isEmpty();
        assertThat(answer(base, "base-1", LONG_UP)).hasValue("base-1");
    }

    @Test
    void aPodWithTheIpOfAnotherIsAnotherBaseWhenItSaysSo() {
        KnownBase base = found(PLACE);
        answer(base, "base-1", LONG_UP);
        ticker.advance(Duration.ofMinutes(1));

        assertThat(answer(base, "base-2", Duration.ofSeconds(10))).hasValue("base-2");
        assertThat(directory.of(new BaseId("base-1"))).isEmpty();
    }

    @Test
    void anAddressThatOnlyAHeartbeatGaveIsNotTakenOverByAnAnswer() {
        beat("base-1", PLACE);
        KnownBase base = directory.of(new BaseId("base-1")).orElseThrow();
        ticker.advance(Duration.ofMinutes(1));

        assertThat(answer(base, "base-2", Duration.ofSeconds(10))).isEmpty();
    }

    @Test
    void aPodThatIsGoneIsForgottenAtOnce() {
        KnownBase base = found(PLACE);
        answer(base, "base-1", LONG_UP);

        assertThat(directory.gone("test", PLACE).base()).hasValue(new BaseId("base-1"));
        assertThat(directory.of(new BaseId("base-1"))).isEmpty();
        assertThat(directory.size()).isZero();
        assertThat(answer(base, "base-1", LONG_UP)).isEmpty();
    }

    @Test
    void anAddressThatAnotherSourceNamesIsAskedForTheNextBase() {
        answer(found(PLACE), "base-1", LONG_UP);
        directory.found("list", new FoundBase(PLACE, "", "", "", ""));

        Leaver leaver = directory.gone("test", PLACE);

        assertThat(leaver.base()).hasValue(new BaseId("base-1"));
        KnownBase next = leaver.next().orElseThrow();
        assertThat(directory.isAsked(next)).isTrue();
        assertThat(directory.sighting(next)).isEmpty();
        assertThat(answer(next, "base-2", Duration.ofSeconds(1))).hasValue("base-2");
        assertThat(directory.gone("list", PLACE).next()).isEmpty();
    }

    @Test
    void aSourceThatKnowsNoNameTakesNoneAway() {
        KnownBase base =
                directory
                        .found("pods", new FoundBase(PLACE, "shop", "1.0.0", "c", "pod-1"))
                        .orElseThrow();
        answer(base, "base-1", LONG_UP);

        directory.found("list", new FoundBase(PLACE, "", "", "", ""));

        assertThat(directory.sighting(base).orElseThrow().name()).isEqualTo("shop");
    }

    @Test
    void aLeavingPodIsAskedNoMoreUntilItIsFoundAnew() {
        KnownBase base = found(PLACE);
        answer(base, "base-1", LONG_UP);

        assertThat(directory.leaving(PLACE)).hasValue(new BaseId("base-1"));
        assertThat(directory.isAsked(base)).isFalse();
        directory.found("test", new FoundBase(PLACE, "n", "", "", "pod-2"));
        assertThat(directory.isAsked(base)).isTrue();
    }

    @Test
    void aSecondBaseKeepsItsNameOverARestart() {
        answer(found(PLACE), IP, LONG_UP);
        KnownBase second = found(SECOND);
        answer(second, IP, LONG_UP);
        ticker.advance(Duration.ofMinutes(5));

        assertThat(answer(second, IP, Duration.ofSeconds(5))).hasValue(IP + "-1239");
    }

    @Test
    void aPodRecreatedWithTheSameIpIsFresh() {
        answer(found(PLACE), "base-1", LONG_UP);
        directory.gone("test", PLACE);

        KnownBase again = found(PLACE);

        assertThat(directory.sighting(again)).isEmpty();
        assertThat(answer(again, "base-2", Duration.ofSeconds(1))).hasValue("base-2");
    }

    @Test
    void aBaseThatMovesTakesItsNameAlong() {
        BaseAddress elsewhere = new BaseAddress("10.0.0.6", 1238);
        beat("base-1", PLACE);

        assertThat(beat("base-1", elsewhere)).isEqualTo("base-1");
        assertThat(directory.of(new BaseId("base-1")).orElseThrow().address()).isEqualTo(elsewhere);
        assertThat(directory.size()).isEqualTo(1);
    }

    @Test
    void aRememberedBaseKeepsItsName() {
        Base remembered = base(IP + "-1239", SECOND, "node-a");
        KnownBase base = directory.remember(SECOND, remembered).orElseThrow();

        assertThat(answer(base, "", LONG_UP)).hasValue(IP + "-1239");
        assertThat(directory.sighting(base)).hasValue(remembered);
    }

    @Test
    void somebodyElseAtARememberedAddressIsNotOurs() {
        KnownBase base = directory.remember(PLACE, base("base-1", PLACE, "")).orElseThrow();

        assertThat(answer(base, "base-2", LONG_UP)).isEmpty();
        assertThat(beat("base-2", PLACE)).isEqualTo("base-2");
    }

    @Test
    void whatTheSourceSaysIsShownUntilTheBaseSaysMore() {
        FoundBase pod = new FoundBase(PLACE, "orders", "2", "", "pod-1");
        KnownBase base = directory.found("pods", pod).orElseThrow();
        answer(base, "base-1", LONG_UP);

        assertThat(directory.sighting(base))
                .hasValue(new Base(id("base-1"), "orders", "2", "", IP, "pod-1", 1238, true));
        directory.beat(new Base(id("base-1"), "", "3", "c", IP, "other-host", 1238, true));
        assertThat(directory.sighting(base))
                .as("one machine does not look like two")
                .hasValue(new Base(id("base-1"), "orders", "3", "c", IP, "pod-1", 1238, true));
    }

    @Test
    void labelsOfTheHeartbeatAndOfTheSourceGoTogetherAsTheyAreNow() {
        BaseTraits ofPod = new BaseTraits(Map.of("a/k", "pod", "a/p", "1"), Map.of(), "z", "r");
        FoundBase pod = new FoundBase(PLACE, "orders", "2", "", "pod-1", ofPod);
        directory.found("pods", pod);
        Base said = base("base-1", PLACE, "");

        Base first = seen(said.with(new BaseTraits(Map.of("a/k", "heart"), Map.of(), "", "")));
        Base second = seen(said);

        assertThat(first.traits())
                .isEqualTo(new BaseTraits(Map.of("a/k", "heart", "a/p", "1"), Map.of(), "z", "r"));
        assertThat(second.traits()).isEqualTo(ofPod);
    }

    private Base seen(Base said) {
        return ((Sighting.Seen) directory.beat(said)).base();
    }

    @Test
    void aHeartbeatThatSaysLessThanTheOneBeforeWipesNothing() {
        directory.beat(new Base(id("b"), "n", "v", "c", IP, "h", 1238, true));

        assertThat(directory.beat(new Base(id("b"), "", "", "", IP, "", 1238, false)))
                .isEqualTo(
                        new Sighting.Seen(new Base(id("b"), "n", "v", "c", IP, "h", 1238, false)));
    }

    @Test
    void thereIsABoundAndARefusal() {
        BaseDirectory small = new BaseDirectory(settings(1), ticker);
        small.beat(base("base-1", PLACE, ""));

        assertThat(small.beat(base("base-2", SECOND, ""))).isEqualTo(new Sighting.Full());
        assertThat(small.found("pods", new FoundBase(SECOND, "", "", "", ""))).isEmpty();
    }

    @Test
    void whatNobodyNamesOrHearsOfIsForgotten() {
        beat("base-1", PLACE);
        KnownBase named = found(SECOND);
        answer(named, "base-2", LONG_UP);
        ticker.advance(Duration.ofHours(2));
        directory.sweep();
        assertThat(directory.of(new BaseId("base-1"))).isEmpty();
        assertThat(directory.of(new BaseId("base-2"))).isPresent();

        directory.lost("test", SECOND);
        directory.sweep();
        assertThat(directory.size()).isZero();
    }

    @Test
    void aLostBaseThatWasNeverHeardIsForgottenAtOnce() {
        found(PLACE);
        directory.lost("test", PLACE);

        assertThat(directory.size()).isZero();
    }

    private KnownBase found(BaseAddress address) {
        return directory.found("test", new FoundBase(address, "", "", "", "")).orElseThrow();
    }

    private Optional<String> answer(KnownBase base, String said, Duration uptime) {
        return directory.answered(base, said, Optional.of(uptime)).from().map(BaseId::value);
    }

    private String beat(String identity, BaseAddress address) {
        Sighting sighting = directory.beat(base(identity, address, ""));
        assertThat(sighting).isInstanceOf(Sighting.Seen.class);
        return ((Sighting.Seen) sighting).base().id().value();
    }

    private static BaseId id(String value) {
        return new BaseId(value);
    }

    private static Base base(String identity, BaseAddress address, String hostName) {
        return new Base(id(identity), "", "", "", address.ip(), hostName, address.port(), true);
    }

    private static HttpSettings settings(int maxBases) {
        return new HttpSettings(
                TestSettings.receiver(),
                Client.defaults(),
                TestSettings.trust(),
                new Discovery(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(3),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(30),
                        Duration.ofHours(1),
                        maxBases));
    }
}
