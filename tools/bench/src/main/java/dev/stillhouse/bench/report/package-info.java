/**
 * Writes reports for people: one HTML file that needs neither a network nor a script. A {@link
 * dev.stillhouse.bench.report.Page} holds sections; charts are SVG, made here from numbers ({@link
 * dev.stillhouse.bench.report.ScatterChart}, {@link dev.stillhouse.bench.report.StackedBars},
 * {@link dev.stillhouse.bench.report.RangeChart}, {@link dev.stillhouse.bench.report.StepsChart}),
 * in colours of the style sheet, which knows light and dark. All is built of {@link
 * dev.stillhouse.bench.report.Markup}, which escapes every text, so that a report is well-formed
 * XML as well.
 */
@NullMarked
package dev.stillhouse.bench.report;

import org.jspecify.annotations.NullMarked;
