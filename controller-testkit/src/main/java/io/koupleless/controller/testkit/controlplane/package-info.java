/** A real Kubernetes control plane, and an actor who uses it as a cluster user does. */
@NullMarked
package io.koupleless.controller.testkit.controlplane;

import org.jspecify.annotations.NullMarked;
