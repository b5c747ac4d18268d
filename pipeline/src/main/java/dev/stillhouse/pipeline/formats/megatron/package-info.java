/**
 * Reads Megatron-LM's caches of a teacher: tar files of one zstd frame an iteration, each an
 * archive of torch.save with the log-probs of one data-parallel rank. Format 1 has a list of
 * micro-batches, format 2 one tensor. The caches have no tokens: a file of the samples' tokens goes
 * beside them. Memory is one iteration of all ranks.
 */
@NullMarked
package dev.stillhouse.pipeline.formats.megatron;

import org.jspecify.annotations.NullMarked;
