package dev.stillhouse.storage.replica;

/**
 * A damaged copy that a reader met. Readers pass it over; {@code verify --repair} repairs it.
 *
 * @param blob key of the blob
 * @param region where this copy lies
 * @param offset where in the blob, in bytes from its start
 * @param reason what was found and what was expected there
 */
public record DamagedCopy(String blob, String region, long offset, String reason) {}
