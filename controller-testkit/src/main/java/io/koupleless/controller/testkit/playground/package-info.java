/** The whole system in one command: control plane, broker, controller, two bases, one module. */
@NullMarked
package io.koupleless.controller.testkit.playground;

import org.jspecify.annotations.NullMarked;
