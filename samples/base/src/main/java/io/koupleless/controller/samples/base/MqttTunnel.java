package io.koupleless.controller.samples.base;

import com.alipay.sofa.koupleless.arklet.core.api.tunnel.Tunnel;
import com.alipay.sofa.koupleless.arklet.core.command.CommandService;
import com.alipay.sofa.koupleless.arklet.core.common.exception.ArkletRuntimeException;
import com.alipay.sofa.koupleless.arklet.core.hook.base.BaseMetadataHook;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * Speaks MQTT the way arklet's own MQTT tunnel of 2.1.11 does; arklet loads it by
 * {@code -Dkoupleless.arklet.custom.tunnel.classname}.
 */
public final class MqttTunnel implements Tunnel {

    private CommandService commands;
    private MqttSettings settings;
    private MqttClient client;

    @Override
    public void init(CommandService commandService, BaseMetadataHook unused) {
        if (MqttSettings.enabled()) {
            commands = commandService;
            settings = MqttSettings.fromSystemProperties();
        }
    }

    @Override
    public void run() {
        if (settings == null) {
            return;
        }
        BaseIdentity base = BaseIdentity.fromSystemProperties();
        try {
            client = new MqttClient(settings.serverUri(), settings.clientId(base.identity()), new MemoryPersistence());
            client.setCallback(new BrokerLink(base, client, commands));
            client.connect(settings.connectOptions());
        } catch (MqttException e) {
            throw new ArkletRuntimeException(e);
        }
    }

    @Override
    public void shutdown() {
        if (client == null) {
            return;
        }
        try {
            client.disconnect();
            client.close();
        } catch (MqttException e) {
            throw new ArkletRuntimeException(e);
        }
    }
}
