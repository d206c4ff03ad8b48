/** Workloads that want a Pod on each Node that they match, and what matching means. */
@NullMarked
package io.koupleless.controller.workload;

import org.jspecify.annotations.NullMarked;
