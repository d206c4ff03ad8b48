package io.koupleless.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.vnode.VNodeSettings;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LostBasesTest {
    private static final int MOST = 20;

    private final Backstage backstage = new Backstage();
    private final LostBases lost =
            new LostBases(VNodeSettings.Times.defaults(), backstage.world, new Random(1), MOST);

    @Test
    void ofTooManyTheOldestAreForgottenAndOneTimerServesTheRest() {
        backstage.hear(new TunnelEvent.LinkChanged(true));
        for (int i = 0; i < 50; i++) {
            lost.add(new NodeName("vnode.base-" + i + ".dev"), base(i), Backstage.MQTT);
        }
        assertThat(backstage.alarms()).isEqualTo(1);

        backstage.pass(Duration.ofMinutes(1));

        assertThat(backstage.tunnel.sent())
                .extracting(Message::base)
                .hasSize(MOST)
                .doesNotContain(base(29).id())
                .contains(base(30).id(), base(49).id());
        assertThat(backstage.alarms()).isEqualTo(1);
    }

    private static Base base(int i) {
        return new Base(new BaseId("base-" + i), "base", "1.0.0", "", "10.0.0.1", "host", 0, true);
    }
}
