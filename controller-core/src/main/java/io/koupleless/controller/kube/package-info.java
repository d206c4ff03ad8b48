/** Kubernetes: what is watched, and how effects become the few writes that are missing. */
@NullMarked
package io.koupleless.controller.kube;

import org.jspecify.annotations.NullMarked;
