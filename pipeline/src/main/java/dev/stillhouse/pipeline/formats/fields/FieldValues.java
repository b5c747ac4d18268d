package dev.stillhouse.pipeline.formats.fields;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.stillhouse.storage.DataException;

/** The numbers of one sequence, by field. */
interface FieldValues {
  /** Goes to the next sequence; false at the end. */
  boolean next();

  /** Returns whether the sequence has a field. */
  boolean has(Field field);

  /** Returns the numbers of a field; those of entries are their log-probs. */
  Numbers numbers(Field field);

  /** Returns the ids of entries. */
  Numbers entryIds();

  /** Returns the number of the sequence in its file, from 0. */
  long document();

  /** Returns where the sequence is in its file, as in "line 5". */
  String place();

  /** Returns an error that says where the sequence is. */
  @FormatMethod
  DataException wrong(@FormatString String rule, Object... values);
}
