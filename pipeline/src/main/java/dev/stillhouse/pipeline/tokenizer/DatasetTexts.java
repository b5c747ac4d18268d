package dev.stillhouse.pipeline.tokenizer;

import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.position.TokenTexts;

/** Gives the texts of a dataset by its tokenizer: a built-in one, or its copy of the file. */
public final class DatasetTexts implements TokenTexts.Provider {
  @Override
  public TokenTexts of(Dataset dataset) {
    return Tokenizers.ofDataset(
            dataset.manifest().tokenizer(),
            dataset.manifest().identity().tokenizer(),
            dataset.reader())
        ::decode;
  }
}
