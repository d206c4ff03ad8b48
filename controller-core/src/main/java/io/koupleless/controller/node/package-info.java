/** The Node that shows a base to Kubernetes. */
@NullMarked
package io.koupleless.controller.node;

import org.jspecify.annotations.NullMarked;
