/** Module pods: what they ask for, and the status they get. */
@NullMarked
package io.koupleless.controller.pod;

import org.jspecify.annotations.NullMarked;
