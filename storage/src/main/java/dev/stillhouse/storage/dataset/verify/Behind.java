package dev.stillhouse.storage.dataset.verify;

import java.util.List;

/**
 * A replica that lacks the newest versions; {@code replicate} brings them.
 *
 * @param region its name
 * @param versions that it lacks
 */
public record Behind(String region, List<Long> versions) {}
