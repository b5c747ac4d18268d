package dev.stillhouse.storage;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says what a file means that leaves a field of a record out, because it was written before the
 * field existed. {@code @JsonProperty} names the field.
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
