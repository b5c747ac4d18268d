/**
 * Reads and writes what all shards share as Parquet files: zstd, limits against hostile bytes, and
 * the checksums of law 6.
 *
 * <p>A file is written by Parquet's own writer and then <em>sealed</em> ({@link Seal}): the footer
 * gets one more key, {@code stillhouse.checksums}, a CRC32C of every page with its header and of
 * every part of the page index. These segments tile the file from its magic to its footer without a
 * gap, so no byte that a reader fetches is unchecked. The footer itself is checked against the
 * CRC32C that manifest and receipt hold.
 *
 * <pre>
 * stillhouse.checksums := base64(segment*)        segments in file order, the first at offset 4
 * segment              := length crc32c           unsigned little-endian int32 each
 * </pre>
 *
 * <p>Reading does no I/O here: {@link Footer} parses the tail's bytes, {@link RowGroups} names byte
 * ranges, {@link FetchedGroups} decodes bytes that were fetched. A layout whose pages are rows
 * writes them itself through {@link PageFileWriter} and gets them back one by one from {@link
 * RowPages}. Tables of fixed-width values, as lists of shards are, are {@link PlainColumns}.
 *
 * <p>A hostile writer can seal anything, so checksums do not prove that content is sane. What a
 * footer, a page's header or a level claims is compared with the actual bytes before memory is
 * taken for it. The contract tests of damage and of hostile writers hold every layout to that.
 */
@NullMarked
package dev.stillhouse.storage.parquet;

import org.jspecify.annotations.NullMarked;
