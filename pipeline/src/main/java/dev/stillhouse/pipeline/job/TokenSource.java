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

/** Where an extraction's token shards come from: packed from text, or taken from a dataset. */
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
     * Returns the identity of what an extraction makes of these tokens.
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
   * What an extraction reads.
   *
   * @param shards the token shards, in order of the corpus
   * @param skipped documents of the corpus that are not in them
   */
  record Provided(List<TokenShardRecord> shards, Skipped skipped) {}

  /** Describes the tokens; reads the corpus once, to hash it. */
  Description describe();

  /**
   * Sees to it that every token shard lies in the output's home.
   *
   * @return the token shards, in order of the corpus, and what was left out of them
   */
  Provided provide(JobOutput output, List<String> beam, JobListener listener);

  /**
   * Takes about {@code sequences} sequences, spread over the source, and tells how many there are.
   * Comes after {@link #describe}; keeps nothing.
   */
  TokenEstimate sample(int sequences);

  /**
   * Returns the source's first sequences, until they have so many positions or it ends: what a
   * teacher is fitted to. Comes after {@link #describe}; keeps nothing.
   */
  List<TokenBatch> head(long positions);

  /** The tokenizer that made the tokens, as far as this machine has it; after {@link #describe}. */
  default Optional<TextTokenizer> tokenizer() {
    return Optional.empty();
  }

  /** Lets go of what the source holds, if anything. */
  @Override
  default void close() {}
}
