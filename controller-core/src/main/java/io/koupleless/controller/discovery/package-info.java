/** Where bases are found that do not announce themselves; what transports do about it is theirs. */
@NullMarked
package io.koupleless.controller.discovery;

import org.jspecify.annotations.NullMarked;
