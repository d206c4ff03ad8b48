/** The chart. */
@org.jspecify.annotations.NullMarked
package io.koupleless.controller.app.chart;
