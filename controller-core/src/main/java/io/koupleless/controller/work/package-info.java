/** Time, mailboxes and timers: injected everywhere, so that a simulation can own them. */
@NullMarked
package io.koupleless.controller.work;

import org.jspecify.annotations.NullMarked;
