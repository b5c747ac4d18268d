/**
 * Reads and writes the records that make blobs a dataset: manifests, lists of shards, receipts,
 * lists of replicas.
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
 *   work/IDENTITY/TASK.json                receipts of finished tasks; may go when all is committed
 *   work/IDENTITY/TASK.ROW.part            answers of a task that is not finished; may always go
 * </pre>
 *
 * <p>All hashes are in lower-case hex, 64 digits; a CRC32C is 8 hex digits.
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
 * <p>Every JSON record ends with the member {@code "checksum"}, which is checked before any other
 * field is used. Records of before there were checksums have none. They stay readable, and are
 * checked by their redundancy: the corpus from its splits, digest and fingerprint from the shards,
 * each shard's sums from its positions ({@link dev.stillhouse.storage.manifest.ShardFacts}), and by
 * {@code verify} from its values.
 *
 * <p>A manifest of at most {@value dev.stillhouse.storage.manifest.Manifest#MAX_INLINE} shards
 * holds them itself: format {@code stillhouse-manifest-1}. A reader takes any number of shards in
 * it. A larger one is of format {@code stillhouse-manifest-2}: in the place of {@code shards} it
 * has {@code lists}, blobs of at most 65,536 shards each. They are plain Parquet for other
 * programs, columns as in {@link dev.stillhouse.storage.manifest.ShardColumn}, and named by their
 * content: a version that adds to another shares all of them but the last with it. Identity, digest
 * and fingerprint are the same in both formats. Lists are put before the manifest that names them
 * (law 5), read whole and checked against their sha256 (law 6), and live as long as a version that
 * names them. In memory shards are such columns too ({@link
 * dev.stillhouse.storage.manifest.ShardLists}), so that a million of them take {@value
 * dev.stillhouse.storage.manifest.ShardList#ROW_BYTES} bytes each, and what of these was read
 * compressed some 45 more.
 *
 * <p>Start with {@link dev.stillhouse.storage.manifest.Manifest}. {@link
 * dev.stillhouse.storage.manifest.Identity} decides a dataset's content, {@link
 * dev.stillhouse.storage.manifest.ManifestLog} commits and finds versions, {@link
 * dev.stillhouse.storage.manifest.Receipts} proves finished work. {@link
 * dev.stillhouse.storage.manifest.ReplicaLog} knows where the replicas are, outside of manifest and
 * digest: a dataset that is replicated is the same dataset. {@link
 * dev.stillhouse.storage.manifest.RoundingHistory} says when a migrated dataset is the same as an
 * extracted one.
 *
 * <p>More than 30 classes stand here, because they are one grammar: records, the lists that replace
 * them in a large manifest, the checks of both, and the logs that commit them share what no other
 * package may see.
 */
@NullMarked
package dev.stillhouse.storage.manifest;

import org.jspecify.annotations.NullMarked;
