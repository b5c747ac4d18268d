/**
 * From logits to statistics. {@link StatisticsAssembler} runs a teacher over a batch and checks
 * that it was given every row; an {@link Extractor} reduces one row. Start at {@link Extractor},
 * which defines what a statistic is, then read {@link PlainExtractor}, the definition as code.
 *
 * <p>Nothing here does I/O or knows a layout.
 */
@NullMarked
package dev.stillhouse.pipeline.extract;

import org.jspecify.annotations.NullMarked;
