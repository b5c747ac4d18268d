/**
 * Reports that a person looks at: one HTML file that needs nothing else, neither a network nor a
 * script. A {@link dev.stillhouse.tools.report.Page} holds sections; charts are SVG, made here from
 * numbers ({@link dev.stillhouse.tools.report.ScatterChart}, {@link
 * dev.stillhouse.tools.report.StackedBars}, {@link dev.stillhouse.tools.report.RangeChart}, {@link
 * dev.stillhouse.tools.report.StepsChart}), in colours of the style sheet, which knows light and
 * dark. All is built of {@link dev.stillhouse.tools.report.Markup}, which escapes every text, so
 * that a report is well-formed XML as well.
 */
@NullMarked
package dev.stillhouse.tools.report;

import org.jspecify.annotations.NullMarked;
