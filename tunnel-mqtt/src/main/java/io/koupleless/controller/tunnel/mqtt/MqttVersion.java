package io.koupleless.controller.tunnel.mqtt;

/** The protocol version that is spoken with the broker; bases may speak another one. */
public enum MqttVersion {
    /** What bases and old brokers speak. */
    V3_1_1,
    /** Lets the broker expire commands that nobody waits for any more. */
    V5
}
