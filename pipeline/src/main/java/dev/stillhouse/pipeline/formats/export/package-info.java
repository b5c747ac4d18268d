/**
 * Writes datasets in the formats of other tools. Each {@link
 * dev.stillhouse.pipeline.formats.export.ExportFormat} says which parts of the statistics its
 * format has no place for. Memory is a few sequences, or a row group.
 */
@NullMarked
package dev.stillhouse.pipeline.formats.export;

import org.jspecify.annotations.NullMarked;
