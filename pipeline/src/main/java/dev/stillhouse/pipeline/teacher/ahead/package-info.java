/**
 * Teacher and extractor at once: a teacher that waits for another machine or an accelerator is
 * asked in a thread of its own, so that it makes the next rows while the extractor reduces those
 * before and the writer writes. Start at {@link dev.stillhouse.pipeline.teacher.ahead.Ahead}.
 *
 * <p>One thread for each thread that extracts; it asks about batches in the order of the plan, so
 * every bit is as without it (law 4). Memory beside one batch and one block: the next batch of
 * tokens, the block in the making, and {@link
 * dev.stillhouse.pipeline.teacher.DenseTeacher#waitingBytes} of rows that wait; of a {@link
 * dev.stillhouse.pipeline.teacher.ReducedTeacher}, the statistics of one batch.
 *
 * <p>200 blocks that take the teacher and the extractor 10 ms each (both asleep, two cores): 4.25 s
 * in place, 2.21 s ahead; 10 and 5 ms: 3.14 and 2.17 s; 5 and 10 ms: 3.16 and 2.12 s.
 *
 * <p>Two other ways. <em>To ask about the next batch before this one is reduced, in one
 * thread</em>: a teacher's call returns when its rows are there, so every teacher would have to be
 * written without waiting, or hold a thread itself; and a batch of 2,048 rows of 151,936 is 1.2 GB,
 * so the unit must be the block. <em>More of the runner's threads than processors, each asking and
 * reducing in turn</em>: needs as many shard tasks under way as calls, each with a writer and a row
 * group of its own, and a shard task that is alone, as at the end of every job, still takes the
 * sum.
 *
 * <p>A teacher that computes on the processors themselves is asked where it is: they are all busy
 * already, and its blocks stay in the cache of the core that made them. The n-gram teacher asked
 * ahead took 2 % more of the processors' time for the same rows with two threads that extract, and
 * 12 % more with one (medians of turns, two cores); from the wall's time it gains only where cores
 * are idle.
 */
@NullMarked
package dev.stillhouse.pipeline.teacher.ahead;

import org.jspecify.annotations.NullMarked;
