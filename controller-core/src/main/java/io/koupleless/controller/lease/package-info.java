/** The node Lease: the node's heartbeat towards Kubernetes, and our fence. */
@NullMarked
package io.koupleless.controller.lease;

import org.jspecify.annotations.NullMarked;
