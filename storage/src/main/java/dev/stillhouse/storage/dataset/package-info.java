/**
 * A dataset: immutable shards and numbered manifests that name them.
 *
 * <pre>
 * dataset/
 *   manifests/v00000000000000000001.json   identity, digest and live shards; the last thing written
 *   lists/SHA256.parquet                   shards of a large manifest, a row each
 *   shards/SHA256.parquet                  sequences with their statistics, in some layout
 *   tokens/SHA256.parquet                  the same sequences before any teacher read them
 *   tokenizers/SHA256                      the tokenizer.json, if it is not a built-in one
 *   forced/SHA256                          the ids that a statistic forces, one a line
 *   teachers/SHA256                        a fitted teacher, if the teacher was fitted here
 *   regions/v00000000000000000001.json     where home and replicas are; newest counts
 *   pins/NAME.json                         leases: versions that must stay for a while
 *   work/IDENTITY/SLICE.json               receipts of finished slices; may go when all is committed
 *   work/IDENTITY/SLICE.ROW.part           answers of a slice that is not finished; may always go
 * </pre>
 *
 * <p>All hashes are told in lower-case hex, 64 digits; a CRC32C as a number in 8 digits.
 *
 * <pre>
 * digest          := sha256(identity hash, each shard's sha256)      both as their hex digits, ASCII
 * identity hash   := sha256(the manifest's identity as one line of JSON: fields in their order, no
 *                    space outside of strings, UTF-8)
 * checksum        := sha256(the record without its last member, which this is, and the comma before
 *                    that, and without space, tab, CR and LF outside of strings; bytes as they
 *                    stand in the file)
 * footerBytes     := the file's tail: footer, its length (int32), "PAR1"; footerCrc32c is of these
 * </pre>
 *
 * <p>Every JSON record here ends with the member {@code "checksum"}, which is checked before
 * anything in it is believed. Records of before there were checksums have none; they stay readable,
 * and are checked by what follows from what: the corpus from the units, digest and fingerprint from
 * the shards, each shard's sums from its positions ({@link
 * dev.stillhouse.storage.manifest.ShardFacts}), and by {@code verify} from its values.
 *
 * <p>A manifest of at most {@value dev.stillhouse.storage.manifest.Manifest#MOST_INLINE} shards
 * holds them itself: format {@code stillhouse-manifest-1}, of which any number of shards is read. A
 * larger one is of format {@code stillhouse-manifest-2}: in the place of {@code shards} it has
 * {@code lists}, blobs of at most 65,536 shards each (sha256, length, number of shards, first
 * sequence). They are plain Parquet for other programs, columns as in {@link
 * dev.stillhouse.storage.manifest.ShardColumn}, and named by their content: a version that adds to
 * another shares all of them but the last with it. Identity, digest and fingerprint are the same in
 * both formats. Lists are put before the manifest that names them (law 5), read whole and checked
 * against their sha256 (law 6), and live as long as a version that names them. In memory shards are
 * such columns too ({@link dev.stillhouse.storage.manifest.ShardLists}), so that a million of them
 * take {@value dev.stillhouse.storage.manifest.ShardList#ROW_BYTES} bytes each, and what of these
 * was read compressed some 45 more.
 *
 * <p>Start with {@link dev.stillhouse.storage.dataset.Dataset}, which opens one; {@link
 * dev.stillhouse.storage.manifest.Manifest} is what it pins (law 5), {@link
 * dev.stillhouse.storage.manifest.Identity} what decides its content, {@link
 * dev.stillhouse.storage.dataset.verify.DatasetVerifier} what proves and mends it (laws 1 and 6). {@link
 * dev.stillhouse.storage.manifest.RegionLog} knows in which regions its replicas are, and in which
 * region of a topology home is, outside of manifest and digest: a dataset that is replicated is the
 * same dataset. {@link dev.stillhouse.storage.dataset.Replicas} are these regions, opened; {@link
 * dev.stillhouse.storage.manifest.BlobCopy} brings blobs from one into another. {@link
 * dev.stillhouse.storage.manifest.Roundings} says when one that was migrated to another layout is
 * the same as one that was extracted into it, {@link dev.stillhouse.storage.manifest.Origin} where
 * it came from, which decides no digest. {@link dev.stillhouse.storage.dataset.retention.GarbageCollector}
 * removes what no version needs; {@link dev.stillhouse.storage.dataset.retention.Retention} and {@link
 * dev.stillhouse.storage.dataset.retention.Pins} say which versions stay.
 */
@NullMarked
package dev.stillhouse.storage.dataset;

import org.jspecify.annotations.NullMarked;
