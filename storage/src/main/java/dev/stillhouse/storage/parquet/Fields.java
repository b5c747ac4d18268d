package dev.stillhouse.storage.parquet;

import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** Three-level Parquet lists: their types, and how their values are written. */
public final class Fields {
  private Fields() {}

  /** Returns the type of a required list of {@code element}. */
  public static Type list(String name, Type element) {
    return Types.requiredGroup()
        .as(LogicalTypeAnnotation.listType())
        .addField(Types.repeatedGroup().addField(element).named("list"))
        .named(name);
  }

  /** Returns a required list element. */
  public static PrimitiveType element(PrimitiveTypeName type) {
    return Types.required(type).named("element");
  }

  /** Returns a list element that may be null. */
  public static PrimitiveType optionalElement(PrimitiveTypeName type) {
    return Types.optional(type).named("element");
  }

  /** Writes what stands inside one list element. */
  public interface Element {
    /** Writes element {@code i}. */
    void write(int i);
  }

  /** Writes a list field of elements {@code from .. to} (exclusive). */
  public static void list(
      RecordConsumer out, String name, int index, int from, int to, Element element) {
    out.startField(name, index);
    elements(out, from, to, element);
    out.endField(name, index);
  }

  /** Writes the group of a list, without the field around it: an element that is itself a list. */
  public static void elements(RecordConsumer out, int from, int to, Element element) {
    out.startGroup();
    if (from < to) {
      out.startField("list", 0);
      for (int i = from; i < to; i++) {
        out.startGroup();
        element.write(i);
        out.endGroup();
      }
      out.endField("list", 0);
    }
    out.endGroup();
  }

  /** Writes a list of int32. */
  public static void ints(
      RecordConsumer out, String name, int index, int[] values, int from, int to) {
    list(out, name, index, from, to, i -> integer(out, "element", 0, values[i]));
  }

  /** Writes a list of float in which NaN stands for null. */
  public static void floats(
      RecordConsumer out, String name, int index, float[] values, int from, int to) {
    list(
        out,
        name,
        index,
        from,
        to,
        i -> {
          if (!Float.isNaN(values[i])) {
            real(out, "element", 0, values[i]);
          }
        });
  }

  /** Writes one int32 field. */
  public static void integer(RecordConsumer out, String name, int index, int value) {
    out.startField(name, index);
    out.addInteger(value);
    out.endField(name, index);
  }

  /** Writes one float field. */
  public static void real(RecordConsumer out, String name, int index, float value) {
    out.startField(name, index);
    out.addFloat(value);
    out.endField(name, index);
  }
}
