/** The tunnel over HTTP: heartbeats in, commands out, and bases that have to be looked for. */
@NullMarked
package io.koupleless.controller.tunnel.http;

import org.jspecify.annotations.NullMarked;
