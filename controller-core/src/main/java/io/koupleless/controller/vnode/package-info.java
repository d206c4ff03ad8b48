/**
 * One virtual node: facts go into {@link io.koupleless.controller.vnode.VNode}, effects come out;
 * nothing here knows threads, Kubernetes or a transport.
 */
@NullMarked
package io.koupleless.controller.vnode;

import org.jspecify.annotations.NullMarked;
