package io.koupleless.controller.testkit.tunnel;

import java.time.Duration;

/** What a {@link FaultyProxy} does to the connections that come in from now on. */
public sealed interface Fault {

    /** Everything passes. */
    record None() implements Fault {}

    /** Nobody listens. */
    record Refuses() implements Fault {}

    /** The connection is taken, and nothing is ever read or said. */
    record Hangs() implements Fault {}

    /** The request is taken, as {@code 100 Continue} promises, and nothing is ever said to it. */
    record Swallows() implements Fault {}

    /** The answer comes one byte at a time. */
    record Drips(Duration between) implements Fault {}

    /** The answer breaks off with a reset after that many bytes. */
    record Resets(int after) implements Fault {}

    /** The request is taken, and these bytes are said instead of the base's answer. */
    record Says(byte[] bytes) implements Fault {}

    /** These bytes are said before anything was asked. */
    record SpeaksFirst(byte[] bytes) implements Fault {}

    /** The request is taken, and answered with a body of that many bytes. */
    record Floods(long bytes) implements Fault {}
}
