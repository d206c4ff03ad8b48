/** The Helm chart, rendered. */
@NullMarked
package io.koupleless.controller.app.chart;

import org.jspecify.annotations.NullMarked;
