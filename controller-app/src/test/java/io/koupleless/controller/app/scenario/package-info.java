/** Stories on real parts: API server, scheduler, broker, bases, and the controller as its jar. */
@NullMarked
package io.koupleless.controller.app.scenario;

import org.jspecify.annotations.NullMarked;
