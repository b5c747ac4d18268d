package dev.stillhouse.pipeline.corpus.parquet;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.stillhouse.storage.statistics.Float16;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * A column of numbers, at most two lists deep.
 *
 * @param path names of its fields, joined by dots, without the groups that only wrap lists
 * @param descriptor of it in the file
 * @param depth 0 for a number a row, 1 for a list, 2 for a list of lists
 * @param first definition level at which the outer list has an element
 * @param second definition level at which the inner list has an element
 */
public record NumberColumn(
    String path, ColumnDescriptor descriptor, int depth, int first, int second) {
  private static final ImmutableSet<String> WRAPPERS =
      ImmutableSet.of("list", "element", "item", "array", "bag", "array_element");

  private static final LogicalTypeAnnotation FLOAT16 = LogicalTypeAnnotation.float16Type();

  /** Returns the columns of a file that have numbers, by their paths. */
  static ImmutableMap<String, NumberColumn> all(MessageType schema) {
    Map<String, NumberColumn> found = new LinkedHashMap<>();
    for (ColumnDescriptor column : schema.getColumns()) {
      List<Integer> lists = new ArrayList<>();
      for (int depth = 1; depth <= column.getPath().length; depth++) {
        String[] upTo = Arrays.copyOf(column.getPath(), depth);
        if (schema.getType(upTo).isRepetition(Type.Repetition.REPEATED)) {
          lists.add(schema.getMaxDefinitionLevel(upTo));
        }
      }
      if (isNumber(column) && lists.size() <= 2) {
        String path = path(column);
        found.putIfAbsent(
            path,
            new NumberColumn(
                path,
                column,
                lists.size(),
                lists.isEmpty() ? 0 : lists.get(0),
                lists.size() < 2 ? 0 : lists.get(1)));
      }
    }
    return ImmutableMap.copyOf(found);
  }

  private static boolean isNumber(ColumnDescriptor column) {
    return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
      case INT32, INT64, FLOAT, DOUBLE, BOOLEAN -> true;
      case FIXED_LEN_BYTE_ARRAY ->
          FLOAT16.equals(column.getPrimitiveType().getLogicalTypeAnnotation());
      default -> false;
    };
  }

  private static String path(ColumnDescriptor column) {
    List<String> names = new ArrayList<>();
    for (String name : column.getPath()) {
      if (names.isEmpty() || !WRAPPERS.contains(name)) {
        names.add(name);
      }
    }
    return String.join(".", names);
  }

  /** Returns the schema of these columns alone. */
  static MessageType schema(MessageType all, List<NumberColumn> columns) {
    List<Type> fields = new ArrayList<>();
    for (Type field : all.getFields()) {
      Type kept = pruned(field, List.of(field.getName()), columns);
      if (kept != null) {
        fields.add(kept);
      }
    }
    return new MessageType(all.getName(), fields);
  }

  private static @Nullable Type pruned(Type type, List<String> path, List<NumberColumn> columns) {
    if (type.isPrimitive()) {
      String[] name = path.toArray(String[]::new);
      return columns.stream().anyMatch(c -> Arrays.equals(c.descriptor.getPath(), name))
          ? type
          : null;
    }
    List<Type> fields = new ArrayList<>();
    for (Type field : type.asGroupType().getFields()) {
      List<String> below = new ArrayList<>(path);
      below.add(field.getName());
      Type kept = pruned(field, below, columns);
      if (kept != null) {
        fields.add(kept);
      }
    }
    return fields.isEmpty() ? null : type.asGroupType().withNewFields(fields);
  }

  /** Returns a converter that is never called: values are read one by one. */
  static GroupConverter converter(GroupType type) {
    return new GroupConverter() {
      @Override
      public Converter getConverter(int field) {
        Type child = type.getType(field);
        return child.isPrimitive() ? new PrimitiveConverter() {} : converter(child.asGroupType());
      }

      @Override
      public void start() {}

      @Override
      public void end() {}
    };
  }

  /** Gives the value that a reader stands at; false if it is null or of a null list. */
  boolean read(ColumnReader in, NumberRows.Sink sink) {
    int definition = in.getCurrentDefinitionLevel();
    int repetition = in.getCurrentRepetitionLevel();
    if (depth == 0 || (depth == 1 && repetition == 0)) {
      sink.row();
    }
    if (depth == 2 && repetition < 2 && definition >= first) {
      sink.row();
    }
    boolean element = depth == 0 || (depth == 1 ? definition >= first : definition >= second);
    if (element) {
      value(in, definition == descriptor.getMaxDefinitionLevel(), sink);
    }
    return definition > 0 || descriptor.getMaxDefinitionLevel() == 0;
  }

  private void value(ColumnReader in, boolean there, NumberRows.Sink sink) {
    if (!there) {
      sink.number(Double.NaN);
      return;
    }
    switch (descriptor.getPrimitiveType().getPrimitiveTypeName()) {
      case INT32 -> {
        boolean unsigned =
            descriptor.getPrimitiveType().getLogicalTypeAnnotation()
                    instanceof IntLogicalTypeAnnotation type
                && !type.isSigned();
        sink.number(
            (double) (unsigned ? Integer.toUnsignedLong(in.getInteger()) : in.getInteger()));
      }
      case INT64 -> sink.integer(in.getLong());
      case FLOAT -> sink.number(in.getFloat());
      case DOUBLE -> sink.number(in.getDouble());
      case BOOLEAN -> sink.number(in.getBoolean() ? 1 : 0);
      default -> sink.number(half(in.getBinary().getBytes()));
    }
  }

  private static float half(byte[] bytes) {
    return Float16.widen((short) ((bytes[0] & 0xFF) | bytes[1] << 8));
  }

  /** Returns whether its values are 64-bit integers. */
  public boolean isLong() {
    return descriptor.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64;
  }
}
