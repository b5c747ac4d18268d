package dev.stillhouse.pipeline.formats.fields;

/** {@code parquet}: a row a sequence, with the names of our columns unless they are mapped. */
public final class ParquetFormat extends MappedFormat {
  public ParquetFormat() {
    super("parquet", PARQUET);
  }
}
