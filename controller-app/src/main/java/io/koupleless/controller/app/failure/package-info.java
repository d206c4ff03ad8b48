/** Says in a few lines why the controller did not start. */
@NullMarked
package io.koupleless.controller.app.failure;

import org.jspecify.annotations.NullMarked;
