package dev.stillhouse.storage.parquet;

import dev.stillhouse.storage.PublicApi;

/**
 * The length and checksums of a finished file.
 *
 * @param sha256 of the whole file, 64 hex digits
 * @param bytes length of the file
 * @param footerBytes length of its tail: the Parquet footer, its length field and the magic
 * @param footerCrc32c CRC32C of that tail
 */
@PublicApi
public record SealedFile(String sha256, long bytes, int footerBytes, int footerCrc32c) {}
