/**
 * {@code synthetic[:vocabulary=V][,rows=R][,seed=S][,deviation=D]}: a teacher whose answers take no
 * time, so that the rest of an extraction can be measured, at any vocabulary. Its logits mean
 * nothing. Start at {@link dev.stillhouse.pipeline.teacher.synthetic.SyntheticPool}.
 *
 * <p>R rows of V logits, normal with mean 0 and deviation D, are made once, when the teacher is
 * opened, in direct memory (4 R V bytes: 155 MB at V = 151,936 and the default of R = 256; 0.3 s),
 * and lent as they lie. A position gets the row of its place in its segment, modulo R, and depends
 * on nothing else. Consecutive positions are consecutive rows, so a block of many needs no copy.
 * The default V is that of gpt2; where it is larger than the tokenizer's, the ids beyond are
 * padding as with any teacher.
 *
 * <p>There are enough rows that they do not stay in a processor's caches (32 MiB is large), since a
 * real teacher's do not either. They repeat all the same, which zstd finds: shards of {@code
 * top-k:64} have 13 bytes a position with 64 rows and 32 with 10,000, against 66 of the n-gram
 * teacher. So sizes and compression times with it say nothing about real teachers.
 */
@NullMarked
package dev.stillhouse.pipeline.teacher.synthetic;

import org.jspecify.annotations.NullMarked;
