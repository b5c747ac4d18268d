/**
 * {@code onnx:FILE}: a neural language model, exported to ONNX, run in this process by the ONNX
 * Runtime.
 *
 * <p>Start at {@link dev.stillhouse.pipeline.teacher.onnx.OnnxTeacher}. {@code Signature} checks
 * the inputs and outputs of a model. A batch becomes {@code Windows} (a segment, or the parts of
 * one that is longer than the model's context), windows of like length become {@code Calls}, and
 * {@code OnnxCursor} runs call after call: the runtime writes logits into direct memory of ours,
 * and their rows are lent from there.
 *
 * <p>A segment is a row of its own, so it sees its own past and nothing else. Padding is put on the
 * right, where a causal model does not look.
 *
 * <p>Memory, for each thread: the logits of one call, 64 MiB or those of one window if they are
 * more, and what the runtime needs for it.
 */
@NullMarked
package dev.stillhouse.pipeline.teacher.onnx;

import org.jspecify.annotations.NullMarked;
