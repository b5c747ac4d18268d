package dev.stillhouse.storage.tokens;

import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.List;

/**
 * Packed sequences with where they came from.
 *
 * @param tokens the sequences
 * @param sources for each sequence, the source of each of its segments; empty if they were not read
 */
@PublicApi
public record PackedRows(TokenBatch tokens, List<List<SegmentSource>> sources) {}
