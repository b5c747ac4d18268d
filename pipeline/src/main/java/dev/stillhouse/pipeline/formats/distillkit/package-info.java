/**
 * Reads DistillKit's Parquet files. Each position is bytes: ids packed into bits, and log-probs as
 * some exact values, a fitted curve, and quantised residuals, as its compression settings say. The
 * legacy form has packed ids, exact values and coefficients as columns. All is computed in double
 * and rounded to the type of the exact values. Where values are fitted, no bound of their error is
 * stored anywhere.
 */
@NullMarked
package dev.stillhouse.pipeline.formats.distillkit;

import org.jspecify.annotations.NullMarked;
