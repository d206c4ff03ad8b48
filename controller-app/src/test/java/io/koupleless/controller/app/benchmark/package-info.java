/** Measurements that back the figures in docs/benchmarks.md; run with {@code -Plong}. */
@NullMarked
package io.koupleless.controller.app.benchmark;

import org.jspecify.annotations.NullMarked;
