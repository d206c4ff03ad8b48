package io.koupleless.controller.samples.base;

import com.alibaba.fastjson.JSONObject;

/** The sign of life a base sends unasked. */
record Heartbeat(Channel channel) implements Runnable {

    @Override
    public void run() {
        BaseIdentity base = channel.base();
        channel.publish(
                "heart",
                new JSONObject()
                        .fluentPut("baseMetadata", base.metadata())
                        .fluentPut("localIP", base.localIp())
                        .fluentPut("localHostName", base.localHostName())
                        .fluentPut("port", 0)
                        .fluentPut("state", "activated"));
    }
}
