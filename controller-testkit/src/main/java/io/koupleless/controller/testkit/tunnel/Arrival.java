package io.koupleless.controller.testkit.tunnel;

/**
 * A command that has arrived at a {@link FakeBase}.
 *
 * @param command what follows the identity in its topic, or its path
 */
public record Arrival(String command, String payload) {}
