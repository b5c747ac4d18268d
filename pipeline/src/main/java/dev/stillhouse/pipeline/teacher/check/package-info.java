/**
 * Checks the promises of a teacher (see {@link dev.stillhouse.pipeline.teacher.Teacher}), with a
 * few tokens of the corpus that it is about to read. Start at {@link
 * dev.stillhouse.pipeline.teacher.check.TeacherCheck}.
 */
@NullMarked
package dev.stillhouse.pipeline.teacher.check;

import org.jspecify.annotations.NullMarked;
