/**
 * Asks teachers that run elsewhere, most often beside PyTorch and an accelerator, over Arrow
 * Flight. {@code python -m stillhouse.teacher} is such a server; {@code
 * docs/reference/teacher-flight.md} describes the protocol.
 *
 * <p>A batch becomes prompts ({@link dev.stillhouse.pipeline.teacher.Windows} of its segments), and
 * the server answers with finished statistics ({@code FlightReduced}) or with whole rows ({@code
 * FlightDense}), which the extractor here reduces. Each call stands for itself, so that any of
 * several servers can take it ({@code Servers}), and one that is gone gives its calls to the
 * others. Nothing of an answer is used before it was checked.
 *
 * <p>What decides the answers is what the server says of itself: weights, type, libraries, kind of
 * device. Where it runs is no part of it.
 */
@NullMarked
package dev.stillhouse.pipeline.teacher.flight;

import org.jspecify.annotations.NullMarked;
