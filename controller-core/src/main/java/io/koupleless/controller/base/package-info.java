/** What a base says about itself: identity, metadata, health. */
@NullMarked
package io.koupleless.controller.base;

import org.jspecify.annotations.NullMarked;
