package dev.stillhouse.storage.replica;

/**
 * A copy that was met and is not right. Readers pass it over; {@code verify --repair} mends it.
 *
 * @param blob key of the blob
 * @param region where this copy lies
 * @param offset where in the blob, in bytes from its start
 * @param reason what was found and what was expected there
 */
public record DamagedCopy(String blob, String region, long offset, String reason) {}
