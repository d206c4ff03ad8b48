package io.koupleless.controller.tunnel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrokerLinkTest {
    private static final List<String> GRANTED = List.of();

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
    private final ScriptedClient.Source source = new ScriptedClient.Source();
    private final List<Object> heard = new CopyOnWriteArrayList<>();
    private final MqttTopics topics = new MqttTopics("dev");
    private final BrokerLink link =
            new BrokerLink(
                    source,
                    topics,
                    TestSettings.limits(Duration.ofSeconds(1)),
                    executor,
                    new Heard());

    @BeforeEach
    void start() {
        link.start();
    }

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void isUpOnlyAfterSubscribingAndClearing() {
        ScriptedClient client = client(0);
        client.events.connected();
        subscription(client, 0).complete(GRANTED);
        subscription(client, 1);
        assertThat(link.up()).isFalse();
        client.events.arrived("koupleless_dev/b1/installBiz", new byte[1], true);
        client.subscriptions.get(1).complete(GRANTED);
        client.events.arrived("koupleless_dev/b2/installBiz", new byte[1], true);
        client.events.arrived("koupleless_dev/b3/installBiz", new byte[1], false);
        client.events.arrived("koupleless_dev/b3/health", new byte[0], true);
        until(() -> client.published.size() == 2);
        assertThat(client.callsWith("clear"))
                .containsExactly(
                        "clear koupleless_dev/b1/installBiz", "clear koupleless_dev/b2/installBiz");
        assertThat(link.up()).isFalse();
        client.published.forEach(cleared -> cleared.complete(null));
        until(link::up);
        assertThat(client.calls).endsWith("unsubscribe 2");
        assertThat(heard).containsExactly(true);
    }

    @Test
    void aRefusedSubscriptionIsTriedAgain() {
        ScriptedClient client = client(0);
        client.events.connected();
        subscription(client, 0).complete(List.of(topics.answers().getFirst()));
        up(client(1));
        assertThat(client.calls).contains("disconnect").doesNotContain("subscribe 2");
        assertThat(heard).containsExactly(true);
    }

    @Test
    void refusedCommandTopicsDoNotKeepTheLinkDown() {
        ScriptedClient client = client(0);
        client.events.connected();
        subscription(client, 0).complete(GRANTED);
        subscription(client, 1).complete(topics.commands());
        until(link::up);
    }

    @Test
    void aBrokerThatCutsWhoeverLooksAtCommandsIsNotAskedAThirdTime() {
        for (int i = 0; i < 2; i++) {
            ScriptedClient cut = client(i);
            cut.events.connected();
            subscription(cut, 0).complete(GRANTED);
            subscription(cut, 1);
            cut.events.lost(new IOException("cut"));
        }
        ScriptedClient third = client(2);
        third.events.connected();
        subscription(third, 0).complete(GRANTED);
        until(link::up);
        assertThat(third.calls).containsExactly("connect", "subscribe 7");
    }

    @Test
    void aLossIsToldOnceAndTheNextSessionIsAnother() {
        up(client(0));
        client(0).events.lost(new IOException("gone"));
        client(0).events.lost(new IOException("gone again"));
        assertThat(link.up()).isFalse();
        up(client(1));
        client(0).events.lost(new IOException("late"));
        assertThat(heard).containsExactly(true, false, true);
        assertThat(link.up()).isTrue();
    }

    @Test
    void anAttemptThatHangsIsGivenUp() {
        client(0); // never connects
        client(1);
        assertThat(client(0).calls).containsExactly("connect", "disconnect");
    }

    private void up(ScriptedClient client) {
        client.events.connected();
        subscription(client, 0).complete(GRANTED);
        subscription(client, 1).complete(GRANTED);
        until(link::up);
    }

    private ScriptedClient client(int index) {
        until(() -> source.clients.size() > index);
        return source.clients.get(index);
    }

    private static CompletableFuture<List<String>> subscription(ScriptedClient client, int index) {
        until(() -> client.subscriptions.size() > index);
        return client.subscriptions.get(index);
    }

    private static void until(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(8))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    private final class Heard implements BrokerLink.Observer {
        @Override
        public void arrived(String topic, byte[] payload, boolean retained) {
            heard.add(topic);
        }

        @Override
        public void linkChanged(boolean up) {
            heard.add(up);
        }
    }
}
