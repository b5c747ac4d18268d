package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.storage.UsageException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tokenizers by name. Each is loaded when first asked for, then kept for the JVM's life. */
public final class Tokenizers {
  private static final Map<TiktokenModel, TextTokenizer> LOADED = new ConcurrentHashMap<>();

  private Tokenizers() {}

  /** The tokenizer {@code gpt2}, {@code cl100k} or {@code o200k}. */
  public static TextTokenizer named(String name) {
    for (TiktokenModel model : TiktokenModel.values()) {
      if (model.id().equals(name)) {
        return LOADED.computeIfAbsent(model, TiktokenTokenizer::new);
      }
    }
    throw UsageException.of("no tokenizer named '%s'; present: [%s]", name, TiktokenModel.ids());
  }
}
