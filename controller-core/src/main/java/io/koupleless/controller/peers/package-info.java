/** Peer Deployments: one replica for each base that they match. */
@NullMarked
package io.koupleless.controller.peers;

import org.jspecify.annotations.NullMarked;
