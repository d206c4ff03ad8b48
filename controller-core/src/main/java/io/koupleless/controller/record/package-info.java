/** The record of what we installed on a base, kept so that a restart repeats nothing. */
@NullMarked
package io.koupleless.controller.record;

import org.jspecify.annotations.NullMarked;
