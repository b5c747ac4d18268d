package dev.stillhouse.pipeline.job;

import dev.stillhouse.pipeline.extract.Extractors;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.storage.manifest.Identity;
import dev.stillhouse.storage.manifest.Skipped;
import dev.stillhouse.storage.manifest.TokenShardRecord;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.List;
import java.util.Optional;

/** The source of an extraction's token shards: packed from text, or taken from a dataset. */
public interface TokenSource extends AutoCloseable {

  /**
   * What is known before anything is packed.
   *
   * @param packing text form of the packing
   * @param tokenizerName for people
   * @param tokenizer fingerprint
   * @param vocabulary token ids are below this
   * @param sequenceLength positions in a sequence (T)
   * @param splits content hashes of the corpus splits
   */
  record Description(
      String packing,
      String tokenizerName,
      String tokenizer,
      int vocabulary,
      int sequenceLength,
      List<String> splits) {
    /**
     * Returns the identity of an extraction from these tokens.
     *
     * @param all content hashes of the corpus splits, with those that a dataset has already
     * @param teacher fingerprint of the teacher
     * @param layout name of the layout
     */
    public Identity identity(List<String> all, String teacher, StatisticSpec spec, String layout) {
      return new Identity(
          Identity.corpus(all),
          tokenizer,
          packing,
          teacher,
          spec.toString(),
          layout,
          Extractors.ARITHMETIC);
    }
  }

  /**
   * The input of an extraction.
   *
   * @param shards the token shards, in order of the corpus
   * @param skipped documents of the corpus that are not in them
   */
  record Provided(List<TokenShardRecord> shards, Skipped skipped) {}

  /** Describes the tokens; reads the corpus once, to hash it. */
  Description describe();

  /**
   * Puts every token shard into the output's home, if it is missing there.
   *
   * @return the token shards, in order of the corpus, and the documents that were left out
   */
  Provided provide(JobOutput output, List<String> beam, JobListener listener);

  /**
   * Returns about {@code sequences} sequences, spread over the source, and an estimate of their
   * number in all. Call {@link #describe} before. It stores nothing.
   */
  TokenEstimate sample(int sequences);

  /**
   * Returns the source's first sequences, for fitting a teacher. Call {@link #describe} before. It
   * stores nothing.
   *
   * @param positions number at which it ends
   */
  List<TokenBatch> head(long positions);

  /**
   * Returns the tokenizer that made the tokens, if this machine has it. Call {@link #describe}
   * before.
   */
  default Optional<TextTokenizer> tokenizer() {
    return Optional.empty();
  }

  /** Closes what the source holds open, if anything. */
  @Override
  default void close() {}
}
