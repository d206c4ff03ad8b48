/** All virtual nodes of this process: who gets which fact, and who runs the effects. */
@NullMarked
package io.koupleless.controller.fleet;

import org.jspecify.annotations.NullMarked;
