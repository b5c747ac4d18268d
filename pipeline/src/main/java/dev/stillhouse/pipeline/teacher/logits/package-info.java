/**
 * {@code logits:FILE.npy}: logits that another program dumped, read from a NumPy file. Start at
 * {@link dev.stillhouse.pipeline.teacher.logits.LogitsTeacher}.
 *
 * <h2>The files</h2>
 *
 * <pre>
 * FILE.npy       float32 or float16, [sequences][T][V] or [positions][V]
 * IDS.npy        int32, int64 or uint16, the same shape without V: the tokens that the teacher read
 * </pre>
 *
 * Both little-endian, in C order. IDS.npy is named as in {@code logits:FILE.npy,ids=IDS.npy}; it is
 * FILE.ids.npy if it is not named. Row of sequence s, position t: the logits of token t+1, given
 * the tokens of slot t's segment up to t. With {@code [positions][V]} that row is number s * T + t,
 * where T is the dataset's sequence length: the same bytes, flat. Padding has rows too (its ids and
 * logits are never read), but rows after the last slot that is not padding may be missing.
 *
 * <p>The order is checked: each token of the corpus must equal the id in its place (law 1), so that
 * a dump of another tokenizer, packing or corpus is found at its first wrong position.
 *
 * <p>The files are mapped, so that they take no memory but the machine's page cache: float32 rows
 * are lent from the mapping itself, float16 rows are widened in blocks of about 1 MiB. Opening
 * hashes both files once for each JVM: 0.5-0.6 GB/s of one core, measured in the page cache.
 */
@NullMarked
package dev.stillhouse.pipeline.teacher.logits;

import org.jspecify.annotations.NullMarked;
