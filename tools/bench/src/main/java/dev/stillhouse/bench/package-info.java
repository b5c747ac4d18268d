/**
 * {@code bench NAME}: how fast the parts are, as ratios within one run. Machines are shared and
 * noisy, so what is compared takes turns, and the results are medians. A class each, found from
 * {@link dev.stillhouse.bench.BenchCommand}; what every one prints is in {@link
 * dev.stillhouse.bench.Report}.
 *
 * <p>The module is on no other command's class path: {@link dev.stillhouse.bench.BenchProvider}
 * gives {@code bench} to the command line where the launcher has added it.
 *
 * <p>{@code bench pipeline} tells times of the processor beside those of the wall: with others on
 * the machine they are the steadier ratio.
 */
@NullMarked
package dev.stillhouse.bench;

import org.jspecify.annotations.NullMarked;
