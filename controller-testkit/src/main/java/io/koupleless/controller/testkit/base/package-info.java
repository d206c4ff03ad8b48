/** Real Koupleless bases and modules, each base a JVM of its own. */
@NullMarked
package io.koupleless.controller.testkit.base;

import org.jspecify.annotations.NullMarked;
