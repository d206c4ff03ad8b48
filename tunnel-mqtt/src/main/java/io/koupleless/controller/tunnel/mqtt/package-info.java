/** The tunnel over MQTT: topics, one supervised connection, a bounded window of commands. */
@NullMarked
package io.koupleless.controller.tunnel.mqtt;

import org.jspecify.annotations.NullMarked;
