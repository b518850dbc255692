/**
 * Charts as SVG that stands in an HTML page.
 *
 * <p>Belongs here: what a chart consists of, how it looks, how it is drawn. Does not belong here:
 * which figures are drawn.
 */
package io.github.cpsample.tools.report.chart;
