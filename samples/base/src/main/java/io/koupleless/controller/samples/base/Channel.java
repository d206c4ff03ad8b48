package io.koupleless.controller.samples.base;

import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONObject;
import com.alipay.sofa.koupleless.arklet.core.common.exception.ArkletRuntimeException;
import java.nio.charset.StandardCharsets;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttException;

/** The topics of one base, and the envelope of all it says on them. */
record Channel(BaseIdentity base, MqttClient client) {

    private static final int AT_LEAST_ONCE = 1;

    void subscribe() throws MqttException {
        client.subscribe(topic("+"), AT_LEAST_ONCE);
        client.subscribe(topic("base/baseline"), AT_LEAST_ONCE);
    }

    void publish(String name, Object data) {
        JSONObject envelope = new JSONObject()
                .fluentPut("publishTimestamp", System.currentTimeMillis())
                .fluentPut("data", data);
        try {
            client.publish(
                    topic("base/" + name),
                    JSON.toJSONString(envelope).getBytes(StandardCharsets.UTF_8),
                    AT_LEAST_ONCE,
                    false);
        } catch (MqttException e) {
            throw new ArkletRuntimeException(e);
        }
    }

    private String topic(String suffix) {
        return "koupleless_%s/%s/%s".formatted(base.env(), base.identity(), suffix);
    }
}
