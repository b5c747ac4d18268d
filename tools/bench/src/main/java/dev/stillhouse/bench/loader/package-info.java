/**
 * {@code bench loader}: measures the rate of a student's batches, the time of a resume, the waits
 * over a far link, and the memory of all that.
 */
@NullMarked
package dev.stillhouse.bench.loader;

import org.jspecify.annotations.NullMarked;
