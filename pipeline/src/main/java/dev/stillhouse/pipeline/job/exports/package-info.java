/**
 * Writes a dataset in the format of another tool: {@link
 * dev.stillhouse.pipeline.job.exports.ExportJob}. One thread reads it in order; the file gets its
 * name when it is complete.
 */
@NullMarked
package dev.stillhouse.pipeline.job.exports;

import org.jspecify.annotations.NullMarked;
