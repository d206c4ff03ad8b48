/** Processes of their own: started, signalled, and never left behind. */
@NullMarked
package io.koupleless.controller.testkit.process;

import org.jspecify.annotations.NullMarked;
