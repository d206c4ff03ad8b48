/** The application: settings from outside, the parts put together, probes. */
@NullMarked
package io.koupleless.controller.app;

import org.jspecify.annotations.NullMarked;
