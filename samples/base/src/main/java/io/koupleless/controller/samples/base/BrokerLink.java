package io.koupleless.controller.samples.base;

import com.alipay.sofa.koupleless.arklet.core.command.CommandService;
import com.alipay.sofa.koupleless.arklet.core.common.exception.ArkletInitException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallbackExtended;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens on the connection to the broker: subscribe at every connect, introduce the base once, pass commands on. */
final class BrokerLink implements MqttCallbackExtended {

    private static final Logger LOGGER = LoggerFactory.getLogger(BrokerLink.class);
    private static final long HEARTBEAT_SECONDS = 10;

    private final Channel channel;
    private final Commands commands;
    private final AtomicBoolean introduced = new AtomicBoolean();
    private final Executor workers = new ThreadPoolExecutor(
            5, 10, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(100), new ThreadPoolExecutor.CallerRunsPolicy());
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    BrokerLink(BaseIdentity base, MqttClient client, CommandService commandService) {
        this.channel = new Channel(base, client);
        this.commands = new Commands(channel, commandService);
    }

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {
        LOGGER.info("connected to {}", serverUri);
        try {
            channel.subscribe();
        } catch (MqttException e) {
            throw new ArkletInitException(e);
        }
        if (introduced.compareAndSet(false, true)) {
            channel.publish("queryBaseline", channel.base().metadata());
            // as in arklet, a beat that cannot be sent ends the timer for ever: controllers have to live with that
            timer.scheduleAtFixedRate(new Heartbeat(channel), 0, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        String command = topic.substring(topic.lastIndexOf('/') + 1);
        workers.execute(() -> commands.handle(command, message.toString()));
    }

    @Override
    public void connectionLost(Throwable cause) {
        LOGGER.error("connection to the broker lost", cause);
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {
        // nothing waits for it
    }
}
