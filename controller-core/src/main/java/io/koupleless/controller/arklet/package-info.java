/** Arklet's wire format: bytes to domain and back; the only place that knows its spellings. */
@NullMarked
package io.koupleless.controller.arklet;

import org.jspecify.annotations.NullMarked;
