package dev.stillhouse.pipeline.formats.fields;

/** {@code jsonl}: an object a sequence, with the names of our columns unless they are mapped. */
public final class JsonlFormat extends MappedFormat {
  public JsonlFormat() {
    super("jsonl", JSON);
  }
}
