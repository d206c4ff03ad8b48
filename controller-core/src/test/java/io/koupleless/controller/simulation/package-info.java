/** One base, one controller and an API server in virtual time, with all that can go wrong. */
@NullMarked
package io.koupleless.controller.simulation;

import org.jspecify.annotations.NullMarked;
