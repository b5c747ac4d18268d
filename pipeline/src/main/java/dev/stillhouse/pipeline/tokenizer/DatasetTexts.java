package dev.stillhouse.pipeline.tokenizer;

import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.position.TokenTexts;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Gives the texts of a dataset by its tokenizer: a built-in one, or its copy of the file. An
 * imported dataset may not know it: its texts are the ids.
 */
public final class DatasetTexts implements TokenTexts.Provider {
  @Override
  public TokenTexts of(Dataset dataset) {
    if (dataset.manifest().tokenizer().equals(Tokenizers.UNKNOWN)) {
      return DatasetTexts::ids;
    }
    return Tokenizers.ofDataset(
            dataset.manifest().tokenizer(),
            dataset.manifest().identity().tokenizer(),
            dataset.reader())
        ::decode;
  }

  private static String ids(int... ids) {
    return Arrays.stream(ids).mapToObj(id -> "<" + id + ">").collect(Collectors.joining());
  }
}
