/**
 * Reads what other tools kept of a teacher. An {@link dev.stillhouse.pipeline.formats.ImportFormat}
 * knows the bytes of one format and gives sequence after sequence: tokens, and for each row of
 * statistics its entries and the numbers that the source knows. It invents nothing and aligns
 * nothing. {@link dev.stillhouse.pipeline.formats.SequenceAssembler} puts the rows where they
 * belong (law 1), proves them, and counts what the source does not know.
 *
 * <p>Memory: one sequence, and what a format says of itself.
 */
@NullMarked
package dev.stillhouse.pipeline.formats;

import org.jspecify.annotations.NullMarked;
