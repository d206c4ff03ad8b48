/** The controller: read {@link io.koupleless.controller.ModuleController} first. */
@NullMarked
package io.koupleless.controller;

import org.jspecify.annotations.NullMarked;
