/**
 * Reads JSON, an object for each sequence, whose fields a person maps to ours: what trainers,
 * servers and scripts write. Lines may be longer than memory would hold as text; numbers alone are
 * kept.
 */
@NullMarked
package dev.stillhouse.pipeline.formats.json;

import org.jspecify.annotations.NullMarked;
