/** What can be set, under which names, and which values make sense. */
@NullMarked
package io.koupleless.controller.app.settings;

import org.jspecify.annotations.NullMarked;
