package dev.stillhouse.storage.dataset;

/**
 * Something that {@code verify} found wrong.
 *
 * @param blob key of the blob; {@code *} for all blobs of a region that is not there
 * @param region where this copy lies
 * @param reason what was found and what must be
 */
public record Damage(String blob, String region, String reason) {}
