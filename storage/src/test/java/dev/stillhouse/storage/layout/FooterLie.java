package dev.stillhouse.storage.layout;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.apache.parquet.format.AesGcmV1;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.EncryptionAlgorithm;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Type;

/** Something that a footer says and that is not so. */
record FooterLie(String name, Consumer<Forgery> change) {
  private static final long[] NUMBERS = {
    -1,
    0,
    1,
    2,
    4,
    1000,
    1 << 20,
    1 << 30,
    Integer.MAX_VALUE,
    1L << 31,
    1L << 40,
    Long.MAX_VALUE - 4,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  static List<FooterLie> all() {
    List<FooterLie> lies = new ArrayList<>();
    numbers(lies, "rows of the file", (f, n) -> f.footer.setNum_rows(n));
    numbers(lies, "rows of a group", (f, n) -> group(f).setNum_rows(n));
    numbers(lies, "rows, as its header says", FooterLie::rows);
    numbers(lies, "groups, as its header says", (f, n) -> groups(f, Math.min(n, 50)));
    numbers(lies, "bytes of a group", (f, n) -> group(f).setTotal_byte_size(n));
    numbers(lies, "values", (f, n) -> f.chunks(chunk -> chunk.getMeta_data().setNum_values(n)));
    numbers(
        lies,
        "values and rows",
        (f, n) -> {
          f.chunks(chunk -> chunk.getMeta_data().setNum_values(n));
          rows(f, n);
        });
    numbers(
        lies,
        "compressed bytes",
        (f, n) -> f.chunks(chunk -> chunk.getMeta_data().setTotal_compressed_size(n)));
    numbers(
        lies,
        "plain bytes",
        (f, n) -> f.chunks(chunk -> chunk.getMeta_data().setTotal_uncompressed_size(n)));
    numbers(
        lies, "offset", (f, n) -> f.chunks(chunk -> chunk.getMeta_data().setData_page_offset(n)));
    numbers(
        lies,
        "dictionary's offset",
        (f, n) -> f.chunks(chunk -> chunk.getMeta_data().setDictionary_page_offset(n)));
    numbers(
        lies,
        "offset of the offset index",
        (f, n) ->
            f.chunks(chunk -> chunk.setOffset_index_offset(n).setOffset_index_length((int) n)));
    numbers(lies, "ordinal", (f, n) -> group(f).setOrdinal((short) n));
    numbers(lies, "file offset", (f, n) -> group(f).setFile_offset(n));
    numbers(lies, "version", (f, n) -> f.footer.setVersion((int) n));
    numbers(
        lies,
        "children of the root",
        (f, n) -> f.footer.getSchema().get(0).setNum_children((int) n));
    numbers(
        lies, "children of a leaf", (f, n) -> f.footer.getSchema().get(1).setNum_children((int) n));
    numbers(lies, "width", (f, n) -> fixed(f).setType_length((int) n));
    for (CompressionCodec codec : CompressionCodec.values()) {
      lie(lies, "codec " + codec, f -> f.chunks(chunk -> chunk.getMeta_data().setCodec(codec)));
    }
    for (Type type : Type.values()) {
      lie(lies, "type " + type, f -> f.chunks(chunk -> chunk.getMeta_data().setType(type)));
      lie(
          lies,
          "schema of " + type,
          f ->
              f.footer.getSchema().stream()
                  .filter(SchemaElement::isSetType)
                  .forEach(element -> element.setType(type)));
    }
    for (FieldRepetitionType repetition : FieldRepetitionType.values()) {
      for (int i = 0; i < 8; i++) {
        int at = i;
        lie(
            lies,
            "column " + i + " is " + repetition,
            f -> f.footer.getSchema().get(at).setRepetition_type(repetition));
      }
    }
    for (Encoding encoding : Encoding.values()) {
      lie(
          lies,
          "encoding " + encoding,
          f -> f.chunks(chunk -> chunk.getMeta_data().setEncodings(List.of(encoding))));
    }
    structure(lies);
    return lies;
  }

  private static void structure(List<FooterLie> lies) {
    lie(lies, "no group", f -> f.footer.setRow_groups(new ArrayList<>()));
    lie(lies, "no schema", f -> f.footer.setSchema(new ArrayList<>()));
    lie(lies, "half a schema", f -> half(f.footer.getSchema()));
    lie(lies, "half the columns", f -> half(group(f).getColumns()));
    lie(lies, "no column", f -> group(f).setColumns(new ArrayList<>()));
    lie(lies, "columns the other way round", f -> Collections.reverse(group(f).getColumns()));
    lie(lies, "groups the other way round", f -> Collections.reverse(f.footer.getRow_groups()));
    lie(lies, "schema the other way round", f -> Collections.reverse(f.footer.getSchema()));
    lie(lies, "columns twice", f -> group(f).getColumns().addAll(group(f).getColumns()));
    lie(lies, "a column that is another", f -> other(f, 0, 1));
    lie(lies, "columns that are all the same", f -> f.chunks(c -> path(c, "tokens")));
    lie(
        lies,
        "a column without a name",
        f -> f.chunks(c -> c.getMeta_data().setPath_in_schema(List.of())));
    lie(lies, "columns of other names", f -> f.footer.getSchema().forEach(e -> e.setName("x")));
    lie(lies, "no chunk has metadata", f -> f.chunks(ColumnChunk::unsetMeta_data));
    lie(lies, "chunks lie in another file", f -> f.chunks(c -> c.setFile_path("/etc/passwd")));
    lie(lies, "a writer of no name", f -> f.footer.setCreated_by(""));
    lie(lies, "an old writer", f -> f.footer.setCreated_by("parquet-mr version 1.6.0 (build x)"));
    lie(lies, "a writer of a long name", f -> f.footer.setCreated_by("x".repeat(100_000)));
    lie(lies, "statistics", f -> f.chunks(FooterLie::statistics));
    lie(lies, "encryption", FooterLie::encrypted);
    lie(lies, "thousands of columns", f -> columns(f, 5_000));
    lie(lies, "a long name", f -> f.footer.getSchema().get(1).setName("x".repeat(1 << 20)));
    lie(lies, "a deep schema", f -> deep(f, 100_000));
    lie(lies, "thousands of groups", f -> groups(f, 1_000));
  }

  private static void numbers(List<FooterLie> lies, String name, ObjLongConsumer<Forgery> change) {
    Arrays.stream(NUMBERS)
        .forEach(number -> lie(lies, name + " " + number, f -> change.accept(f, number)));
  }

  static void lie(List<FooterLie> lies, String name, Consumer<Forgery> change) {
    lies.add(new FooterLie(name, change));
  }

  private static RowGroup group(Forgery forgery) {
    return forgery.footer.getRow_groups().get(0);
  }

  private static SchemaElement fixed(Forgery forgery) {
    return forgery.footer.getSchema().stream()
        .filter(element -> element.getType() == Type.FIXED_LEN_BYTE_ARRAY)
        .findFirst()
        .orElseThrow();
  }

  /** As many rows in the first group, and as many sequences in the header. */
  private static void rows(Forgery forgery, long rows) {
    long others =
        forgery.footer.getRow_groups().stream().skip(1).mapToLong(RowGroup::getNum_rows).sum();
    group(forgery).setNum_rows(rows);
    forgery.footer.setNum_rows(rows + others);
    forgery.metadata("stillhouse.sequences", was -> Long.toString(rows + others));
  }

  /** The first group again and again. */
  private static void groups(Forgery forgery, long many) {
    List<RowGroup> groups = forgery.footer.getRow_groups();
    for (long i = 0; i < many; i++) {
      groups.add(groups.get(0));
    }
    long rows = groups.stream().mapToLong(RowGroup::getNum_rows).sum();
    forgery.metadata("stillhouse.sequences", was -> Long.toString(rows));
  }

  private static void half(List<?> list) {
    list.subList(list.size() / 2, list.size()).clear();
  }

  private static void other(Forgery forgery, int one, int two) {
    List<ColumnChunk> columns = group(forgery).getColumns();
    columns.set(one, columns.get(two));
  }

  private static void path(ColumnChunk chunk, String name) {
    List<String> path = new ArrayList<>(chunk.getMeta_data().getPath_in_schema());
    path.set(0, name);
    chunk.getMeta_data().setPath_in_schema(path);
  }

  private static void statistics(ColumnChunk chunk) {
    chunk
        .getMeta_data()
        .setStatistics(
            new Statistics()
                .setMin_value(ByteBuffer.wrap(new byte[3]))
                .setMax_value(ByteBuffer.wrap(new byte[0]))
                .setNull_count(-1));
  }

  private static void encrypted(Forgery forgery) {
    EncryptionAlgorithm algorithm = new EncryptionAlgorithm();
    algorithm.setAES_GCM_V1(new AesGcmV1());
    forgery.footer.setEncryption_algorithm(algorithm);
  }

  private static void columns(Forgery forgery, int many) {
    FileMetaData footer = forgery.footer;
    for (int i = 0; i < many; i++) {
      SchemaElement element = new SchemaElement("more" + i);
      element.setType(Type.INT32);
      element.setRepetition_type(FieldRepetitionType.REQUIRED);
      footer.addToSchema(element);
      ColumnChunk chunk = group(forgery).getColumns().get(0).deepCopy();
      chunk.getMeta_data().setPath_in_schema(List.of("more" + i)).setType(Type.INT32);
      group(forgery).addToColumns(chunk);
    }
    SchemaElement root = footer.getSchema().get(0);
    root.setNum_children(root.getNum_children() + many);
  }

  private static void deep(Forgery forgery, int depth) {
    FileMetaData footer = forgery.footer;
    for (int i = 0; i < depth; i++) {
      SchemaElement element = new SchemaElement("g");
      element.setRepetition_type(FieldRepetitionType.REPEATED);
      element.setNum_children(1);
      footer.addToSchema(element);
    }
    SchemaElement leaf = new SchemaElement("leaf");
    leaf.setType(Type.INT32);
    leaf.setRepetition_type(FieldRepetitionType.REQUIRED);
    footer.addToSchema(leaf);
    SchemaElement root = footer.getSchema().get(0);
    root.setNum_children(root.getNum_children() + 1);
  }
}
