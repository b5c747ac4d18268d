/**
 * What generations share whose every column is one value of a whole sequence, and every value one
 * page: tokens, scalars and provenance as byte planes, and how many entries a position has. The
 * grammar stands in {@code layout.planes}, where it came from. Start with {@link
 * dev.stillhouse.storage.layout.pages.PageSchema}, then {@code RowWriter} and {@code
 * PageShardReader}.
 */
@NullMarked
package dev.stillhouse.storage.layout.pages;

import org.jspecify.annotations.NullMarked;
