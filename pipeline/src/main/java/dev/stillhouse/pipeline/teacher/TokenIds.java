package dev.stillhouse.pipeline.teacher;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.TokenBatch;

/** Checks token ids; every teacher calls it for what it is asked. */
public final class TokenIds {
  private TokenIds() {}

  /**
   * Checks that every token that is not padding lies in {@code 0 .. vocabulary - 1}.
   *
   * @throws DataException naming sequence, position and id
   */
  public static void check(TokenBatch batch, int vocabulary) {
    int[] tokens = batch.tokens();
    for (int i = 0; i < tokens.length; i++) {
      if (Integer.compareUnsigned(tokens[i], vocabulary) >= 0 && !batch.padding(i)) {
        throw DataException.of(
            "sequence %d, position %d: token id %d is outside the teacher's vocabulary of %d;"
                + " pack the corpus with the tokenizer that the teacher was made for",
            batch.firstSequence() + i / batch.length(), i % batch.length(), tokens[i], vocabulary);
      }
    }
  }
}
