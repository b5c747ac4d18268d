/**
 * Holds what page layouts share. In these layouts a column has one value for each whole sequence,
 * and each value is one page. Shared are tokens, scalars and provenance as byte planes, and the
 * number of entries of a position. The grammar is in {@code layout.planes}, the first of them.
 * Start with {@link dev.stillhouse.storage.layout.pages.PageSchema}, then {@code RowWriter} and
 * {@code PageShardReader}.
 */
@NullMarked
package dev.stillhouse.storage.layout.pages;

import org.jspecify.annotations.NullMarked;
