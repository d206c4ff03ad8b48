/** The SPI that a transport to bases implements: commands out, events in. */
@NullMarked
package io.koupleless.controller.tunnel;

import org.jspecify.annotations.NullMarked;
