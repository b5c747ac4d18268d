package dev.stillhouse.storage.dataset.position;

import dev.stillhouse.storage.dataset.Dataset;
import java.util.ServiceLoader;

/** Decodes the ids of a dataset's tokenizer. Safe for many threads. */
@FunctionalInterface
public interface TokenTexts {
  /** Returns the text of consecutive ids. */
  String decode(int... ids);

  /** Finds tokenizers; registered as a service by the module that has them. */
  interface Provider {
    /**
     * Returns the texts of a dataset's tokenizer.
     *
     * @throws dev.stillhouse.storage.DataException if its tokenizer is not there, or another
     */
    TokenTexts of(Dataset dataset);
  }

  /**
   * Returns the texts of a dataset's tokenizer. Where the tokenizer's library is not there, all
   * texts are empty: the Python package leaves that of tokenizer.json files out, for its size.
   *
   * @throws dev.stillhouse.storage.DataException if its tokenizer is not there, or another
   */
  static TokenTexts of(Dataset dataset) {
    try {
      return ServiceLoader.load(Provider.class)
          .findFirst()
          .map(provider -> provider.of(dataset))
          .orElse(ids -> "");
    } catch (LinkageError e) {
      return ids -> "";
    }
  }
}
