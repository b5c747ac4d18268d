/**
 * Gives next-token distributions: a {@link Teacher} answers for every position of packed sequences.
 *
 * <p>Start at {@link DenseTeacher}, which lends rows of logits ({@link Logits}), as float32 or
 * bfloat16 ({@link LogitBuffer}): a row is as wide as the vocabulary, so rows exist only between a
 * teacher and the extractor. A {@link ReducedTeacher} (a served model) gives ready statistics
 * instead. {@link Teachers} finds a {@link TeacherProvider} by the name that the command line
 * carries, {@code name} or {@code name:argument} ({@link TeacherName}). A provider may fit a model
 * to the first tokens of the corpus; the fitted model is a blob that lies in the dataset directory
 * as {@code teachers/<sha256>}, so that every worker opens the same one.
 *
 * <p>A teacher that waits for its answers says so ({@link DenseTeacher#waitingBytes}), and {@link
 * dev.stillhouse.pipeline.teacher.ahead} asks it while rows are reduced.
 *
 * <p>A new teacher is a package with a provider and a line in {@code META-INF/services}.
 */
@NullMarked
package dev.stillhouse.pipeline.teacher;

import org.jspecify.annotations.NullMarked;
