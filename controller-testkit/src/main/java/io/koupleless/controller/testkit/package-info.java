/** Real parts for tests and for the playground. */
@NullMarked
package io.koupleless.controller.testkit;

import org.jspecify.annotations.NullMarked;
