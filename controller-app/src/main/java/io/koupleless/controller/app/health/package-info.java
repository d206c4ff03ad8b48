/** How the controller is, for probes. */
@NullMarked
package io.koupleless.controller.app.health;

import org.jspecify.annotations.NullMarked;
