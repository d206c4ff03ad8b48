package io.koupleless.controller.app.settings;

/**
 * A setting that cannot be used.
 *
 * @param property its name
 * @param value what it is
 * @param fix what it has to be
 */
public record Problem(String property, String value, String fix) {}
