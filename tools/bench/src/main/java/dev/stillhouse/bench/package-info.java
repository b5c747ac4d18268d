/**
 * {@code bench NAME}: measures the speed of the parts, as ratios within one run. Machines are
 * shared and noisy, so alternatives take turns, and the results are medians. A class each, found
 * from {@link dev.stillhouse.bench.BenchCommand}; what each one prints is in {@link
 * dev.stillhouse.bench.Report}.
 *
 * <p>The module is on no other command's class path: {@link dev.stillhouse.bench.BenchProvider}
 * gives {@code bench} to the command line where the launcher has added it.
 *
 * <p>{@code bench pipeline} prints processor time beside wall time: on a busy machine its ratio is
 * steadier.
 */
@NullMarked
package dev.stillhouse.bench;

import org.jspecify.annotations.NullMarked;
