/** A real MQTT broker inside this JVM. */
@NullMarked
package io.koupleless.controller.testkit.broker;

import org.jspecify.annotations.NullMarked;
