/** Modules: what is wanted, and what a base says about one. */
@NullMarked
package io.koupleless.controller.module;

import org.jspecify.annotations.NullMarked;
