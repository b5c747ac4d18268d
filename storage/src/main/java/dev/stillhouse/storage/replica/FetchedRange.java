package dev.stillhouse.storage.replica;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Fetched bytes that are not checked yet.
 *
 * @param from the replica that sent them; empty if they came through a cache
 */
public record FetchedRange(ByteBuffer bytes, Optional<Replica> from) {}
