/**
 * The file that llama.cpp writes with {@code llama-perplexity --kl-divergence-base FILE}: its own
 * tokens, and at half of their positions the log-probs of the whole vocabulary in 16 bits. So any
 * GGUF model is a teacher, on any machine. Start at {@code KldFile}, which has the grammar.
 *
 * <p>Log-probs more than 16 nats below the best are raised to that floor, so the mass of a row is
 * above 1 (by 2.7e-5 to 5.5e-3 for a model of 49,152 ids). The extractor divides by it: the
 * log-normaliser of a position is the log of that mass. Above the floor a log-prob is right to half
 * a step of {@code scale}, 1.3e-4 nats.
 */
@NullMarked
package dev.stillhouse.pipeline.teacher.kld;

import org.jspecify.annotations.NullMarked;
