/**
 * {@code bench loader}: how fast a student gets its batches, what a resume takes, how long it waits
 * over a far link, and what memory all that takes.
 */
@NullMarked
package dev.stillhouse.bench.loader;

import org.jspecify.annotations.NullMarked;
