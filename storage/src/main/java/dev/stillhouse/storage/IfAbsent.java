package dev.stillhouse.storage;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a file means in which a field of a record is left out, as one that was written before the
 * field was there. The field has its name by {@code @JsonProperty}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface IfAbsent {
  /** A text without characters. */
  String EMPTY_TEXT = "\"\"";

  /** A list without elements. */
  String EMPTY_LIST = "[]";

  /** Returns the value of the field, as JSON. */
  String value();
}
