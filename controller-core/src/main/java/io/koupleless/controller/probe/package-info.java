/** Carries probes and hooks out; what is probed when, and what follows, is decided elsewhere. */
@NullMarked
package io.koupleless.controller.probe;

import org.jspecify.annotations.NullMarked;
