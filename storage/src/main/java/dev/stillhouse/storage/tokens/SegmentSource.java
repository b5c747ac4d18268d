package dev.stillhouse.storage.tokens;

import dev.stillhouse.storage.PublicApi;

/**
 * Which document a segment came from.
 *
 * @param file name of the file, relative to what the user pointed at
 * @param document number of the document within the file, from 0
 */
@PublicApi
public record SegmentSource(String file, long document) {}
