/**
 * Packs a corpus into token shards: {@link dev.stillhouse.pipeline.job.pack.PackJob} plans and
 * commits, {@link dev.stillhouse.pipeline.job.pack.SplitPacking} does one split.
 */
@NullMarked
package dev.stillhouse.pipeline.job.pack;

import org.jspecify.annotations.NullMarked;
