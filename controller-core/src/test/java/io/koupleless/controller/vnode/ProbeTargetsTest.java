package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseHealth;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.base.BasePort;
import io.koupleless.controller.base.BaseTraits;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.Check;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.PreStop;
import io.koupleless.controller.pod.Target;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeTargetsTest {
    private static final Base BASE = base("10.0.0.7");
    private static final ProbeTargets PLAIN = targets(0, false);

    private static Base base(String ip) {
        return new Base(new BaseId("b"), "demo", "1", "default", ip, "host", 0, true);
    }

    private static ProbeTargets targets(int basePort, boolean anyHost) {
        return new ProbeTargets(new VNodeSettings.Probing(1, 1, basePort, anyHost));
    }

    private static Optional<BaseHealth> health(String contextPath) {
        return Optional.of(
                new BaseHealth(
                        "ACTIVATED",
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        Map.of(At.BIZ, contextPath)));
    }

    private static Check.HttpGet get(String host, Check.Port port, String path) {
        return new Check.HttpGet(false, host, port, path, List.of());
    }

    private static Check.Port number(int port) {
        return new Check.PortNumber(port);
    }

    private static ModuleContainer hooked(Check.HttpGet hook) {
        return new ModuleContainer(
                "biz1",
                "x",
                new ModuleContainer.Module(At.BIZ, URI.create("http://x"), "h"),
                Map.of(),
                Optional.of(new PreStop.Call(hook)));
    }

    @ParameterizedTest
    @CsvSource({
        "/healthz,          biz1,    /healthz",
        "/a?b=c,            biz1,    /a?b=c",
        "healthz,           biz1,    /biz1/healthz",
        "actuator/health,   /biz1/,  /biz1/actuator/health",
        "./,                biz1,    /biz1/./",
        "x,                 /,       /x",
        "http://elsewhere/, biz1,    /biz1/http://elsewhere/",
        "//elsewhere/x,     biz1,    //elsewhere/x"
    })
    void aPathWithoutSlashIsBelowTheContextPathAndNeverLeavesTheBase(
            String path, String context, String asked) {
        assertThat(PLAIN.of(get("", number(80), path), At.BIZ, BASE, health(context)))
                .isEqualTo(
                        new ProbeTargets.At(
                                new Target.Http(false, "10.0.0.7", 80, asked, List.of())));
    }

    @Test
    void whatTheBaseHasNotToldIsWaitedFor() {
        assertThat(PLAIN.of(get("", number(80), "x"), At.BIZ, BASE, Optional.empty()))
                .isInstanceOf(ProbeTargets.Unknown.class);
        ModuleRef other = new ModuleRef("other", "1");
        assertThat(PLAIN.of(get("", number(80), "x"), other, BASE, health("biz1")))
                .isInstanceOf(ProbeTargets.Unknown.class);
        assertThat(PLAIN.of(get("", number(80), "/x"), At.BIZ, base(""), Optional.empty()))
                .isInstanceOf(ProbeTargets.Unknown.class);
    }

    @Test
    void onlyTheBasesOwnAddressIsCalledUnlessASettingAllowsMore() {
        Check.HttpGet elsewhere = get("10.9.9.9", number(80), "/");
        assertThat(PLAIN.refused(hooked(elsewhere), BASE).orElseThrow())
                .isEqualTo(
                        "container biz1: lifecycle.preStop names host 10.9.9.9: only the base's own"
                                + " address is called; leave host out, put a virtual host into the"
                                + " header Host, or have module-controller.probes.any-host set");
        assertThat(PLAIN.of(elsewhere, At.BIZ, BASE, Optional.empty()))
                .isInstanceOf(ProbeTargets.Nowhere.class);

        assertThat(PLAIN.refused(hooked(get("10.0.0.7", number(80), "/")), BASE)).isEmpty();
        assertThat(targets(0, true).of(elsewhere, At.BIZ, BASE, Optional.empty()))
                .isEqualTo(
                        new ProbeTargets.At(
                                new Target.Http(false, "10.9.9.9", 80, "/", List.of())));
    }

    @Test
    void theNameBaseMeansThePortThatTheSettingNames() {
        Check.HttpGet named = get("", new Check.PortOfBase("base"), "/");
        assertThat(PLAIN.refused(hooked(named), BASE).orElseThrow())
                .contains("the port base", "module-controller.probes.base-port");
        assertThat(targets(8080, false).of(named, At.BIZ, BASE, Optional.empty()))
                .isEqualTo(
                        new ProbeTargets.At(
                                new Target.Http(false, "10.0.0.7", 8080, "/", List.of())));
        assertThat(
                        targets(8080, false)
                                .refused(hooked(get("", new Check.PortOfBase("web"), "/")), BASE))
                .isPresent();
    }

    @Test
    void aPortOfTheBasesPodComesBeforeTheSetting() {
        Base found =
                BASE.with(
                        BaseTraits.NONE.with(
                                List.of(new BasePort("web", 8081), new BasePort("", 9090))));
        assertThat(port(found, "base")).isEqualTo(8081);
        assertThat(port(found, "web")).isEqualTo(8081);
        assertThat(targets(8080, false).refused(hooked(named("other")), found)).isPresent();
    }

    private static Check.HttpGet named(String port) {
        return get("", new Check.PortOfBase(port), "/");
    }

    private static int port(Base base, String name) {
        ProbeTargets.Aim aim = targets(8080, false).of(named(name), At.BIZ, base, Optional.empty());
        return ((ProbeTargets.At) aim).target().port();
    }
}
