package io.koupleless.controller.base;

/**
 * A port that the Pod of a base lists.
 *
 * @param name may be empty
 */
public record BasePort(String name, int number) {}
