package dev.stillhouse.storage.dataset;

/**
 * Something that {@code verify} found wrong.
 *
 * @param blob key of the blob
 * @param region where this copy lies
 * @param reason what was found and what must be
 */
public record Damage(String blob, String region, String reason) {}
