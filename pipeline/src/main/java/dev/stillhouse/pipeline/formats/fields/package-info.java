/**
 * Reads formats that are fields with lists of numbers, of a JSON object or a Parquet row for each
 * sequence, whatever their names: what trainers, servers and scripts write. {@link
 * dev.stillhouse.pipeline.formats.fields.MappedFormat} is a format of that kind, and a person maps
 * the names of any other. A line of JSON may be longer than memory would hold as text; its numbers
 * alone are kept.
 */
@NullMarked
package dev.stillhouse.pipeline.formats.fields;

import org.jspecify.annotations.NullMarked;
