package io.koupleless.controller.testkit.tunnel;

/**
 * What a base says: the last level of its topic, such as {@code heart} or {@code bizOperation}, and
 * the bytes.
 */
public record WireMessage(String topic, byte[] payload) {}
