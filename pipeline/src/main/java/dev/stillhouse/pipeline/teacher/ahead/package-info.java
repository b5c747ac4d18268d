/**
 * Runs teacher and extractor at the same time. A teacher that waits for another machine or an
 * accelerator is called in a thread of its own, so that it makes the next rows while the extractor
 * reduces the earlier ones and the writer writes. Start at {@link
 * dev.stillhouse.pipeline.teacher.ahead.Ahead}.
 *
 * <p>There is one such thread for each thread that extracts. It asks for batches in the order of
 * the plan, so every bit is as without it (law 4). Memory besides one batch and one block is the
 * next batch of tokens, the block that is being made, and {@link
 * dev.stillhouse.pipeline.teacher.DenseTeacher#waitingBytes} of rows that wait.
 *
 * <p>A {@link dev.stillhouse.pipeline.teacher.ReducedTeacher} has a thread for each batch that it
 * was asked about: as many as {@link dev.stillhouse.pipeline.teacher.ReducedTeacher#positionsAhead}
 * allows, and their statistics are held.
 *
 * <p>200 blocks that take the teacher and the extractor 10 ms each (both asleep, two cores): 4.25 s
 * in place, 2.21 s ahead; 10 and 5 ms: 3.14 and 2.17 s; 5 and 10 ms: 3.16 and 2.12 s.
 *
 * <p>Two other ways lost. <em>Asking for the next batch before this one is reduced, in one
 * thread</em>: a teacher's call returns when its rows are there, so every teacher would have to be
 * written without waiting, or hold a thread itself; and a batch of 2,048 rows of 151,936 is 1.2 GB,
 * so the unit must be the block. <em>More of the runner's threads than processors, each asking and
 * reducing in turn</em>: needs as many shard tasks under way as calls, each with a writer and a row
 * group of its own, and a shard task that is alone, as at the end of every job, still takes the
 * sum.
 *
 * <p>A teacher that computes on this machine's processors is called in the extracting thread: they
 * are all busy already, and its blocks stay in the cache of the core that made them. The n-gram
 * teacher asked ahead took 2 % more of the processors' time for the same rows with two threads that
 * extract, and 12 % more with one (medians of turns, two cores); wall time improves only where
 * cores are idle.
 */
@NullMarked
package dev.stillhouse.pipeline.teacher.ahead;

import org.jspecify.annotations.NullMarked;
