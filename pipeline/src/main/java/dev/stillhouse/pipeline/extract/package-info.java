/**
 * Reduces logits to statistics. {@link StatisticsAssembler} runs a teacher over a batch and checks
 * that every row came; an {@link Extractor} reduces one row. Start at {@link Extractor}, which
 * defines what a statistic is, then read {@link PlainExtractor}, the definition as code.
 *
 * <p>What jobs run is {@link FusedExtractor} (from {@link Extractors}, which also names its
 * arithmetic): {@link Lanes} fixes the loops over every logit bit by bit, {@link PlainLanes} is
 * these in ordinary Java and {@code VectorLanes} by the Vector API; {@link Contenders} finds the
 * best.
 *
 * <p>A {@link dev.stillhouse.pipeline.teacher.Selection} says what is kept. Entries besides the k
 * best are united in {@link Union}: {@link TileSampler} draws, {@link Uniforms} are the numbers
 * behind it (from {@link Philox}), {@link Temperatures} sums at others than 1.
 *
 * <p>Nothing here does I/O or knows a layout.
 */
@NullMarked
package dev.stillhouse.pipeline.extract;

import org.jspecify.annotations.NullMarked;
