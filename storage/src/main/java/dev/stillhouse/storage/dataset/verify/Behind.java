package dev.stillhouse.storage.dataset.verify;

import java.util.List;

/**
 * A replica that does not have the newest versions yet: {@code replicate} brings them.
 *
 * @param region its name
 * @param versions that are not there
 */
public record Behind(String region, List<Long> versions) {}
