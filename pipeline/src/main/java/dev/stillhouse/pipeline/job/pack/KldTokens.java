package dev.stillhouse.pipeline.job.pack;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.TokenEstimate;
import dev.stillhouse.pipeline.job.TokenSource;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.teacher.kld.KldFile;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.manifest.ContentBlob;
import dev.stillhouse.storage.manifest.Skipped;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.tokens.SegmentSource;
import dev.stillhouse.storage.tokens.TokenShardHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tokens of a file of llama.cpp, as they are: each chunk is a sequence of one segment. The file
 * does not tell its tokenizer; a person may name it.
 */
public final class KldTokens implements TokenSource {
  private final Path path;
  private final KldFile file;
  private final Optional<TextTokenizer> tokenizer;
  private final int shardSequences;

  /**
   * Opens the file.
   *
   * @param tokenizer that made the tokens, if it is known
   * @throws DataException if the tokenizer has more ids than the file
   */
  public KldTokens(Path path, Optional<TextTokenizer> tokenizer, int shardSequences) {
    this.path = path;
    this.file = new KldFile(path);
    this.tokenizer = tokenizer;
    this.shardSequences = shardSequences;
    if (tokenizer.isPresent() && tokenizer.get().vocabulary() > file.vocabulary()) {
      file.close();
      throw DataException.of(
          "tokenizer %s has %d ids, but %s has rows of %d; give the model's own tokenizer, or none",
          tokenizer.get().name(), tokenizer.get().vocabulary(), path, file.vocabulary());
    }
  }

  @Override
  public Description describe() {
    try {
      return new Description(
          new Packing(file.chunkTokens(), shardSequences, null).canonical(),
          tokenizer.map(TextTokenizer::name).orElse(Tokenizers.UNKNOWN),
          tokenizer.map(TextTokenizer::fingerprint).orElse(Tokenizers.UNKNOWN),
          file.vocabulary(),
          file.chunkTokens(),
          List.of(MoreFiles.asByteSource(path).hash(Hashing.sha256()).toString()));
    } catch (IOException e) {
      throw new DataException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public Provided provide(JobOutput output, List<String> beam, JobListener listener) {
    tokenizer.ifPresent(
        named ->
            named
                .blob()
                .ifPresent(
                    blob ->
                        ContentBlob.put(output.home(), Tokenizers.key(named.fingerprint()), blob)));
    Description said = describe();
    TokenShardHeader header =
        new TokenShardHeader(said.tokenizer(), said.vocabulary(), file.chunkTokens());
    try (TokenShards shards = new TokenShards(output.home(), header, shardSequences)) {
      for (int chunk = 0; chunk < file.chunks(); chunk++) {
        SegmentSource source = new SegmentSource(String.valueOf(path.getFileName()), chunk);
        shards.accept(file.tokens(chunk), new int[file.chunkTokens()], List.of(source));
      }
      return new Provided(shards.finish(), Skipped.NONE);
    }
  }

  private TokenBatch batch(int chunk, int count) {
    TokenBatch batch = TokenBatch.room(chunk, count, file.chunkTokens());
    for (int i = 0; i < count; i++) {
      int[] tokens = file.tokens(chunk + i);
      System.arraycopy(tokens, 0, batch.tokens(), i * tokens.length, tokens.length);
    }
    return batch;
  }

  @Override
  public TokenEstimate sample(int sequences) {
    List<TokenBatch> batches = new ArrayList<>();
    int step = TokenBatch.sequencesAtOnce(file.chunkTokens());
    int taken = Math.min(file.chunks(), Math.max(1, sequences));
    for (int chunk = 0; chunk < taken; chunk += step) {
      batches.add(batch(chunk, Math.min(step, taken - chunk)));
    }
    return new TokenEstimate(batches, file.chunks(), true, 0, Skipped.NONE);
  }

  @Override
  public List<TokenBatch> head(long positions) {
    List<TokenBatch> batches = new ArrayList<>();
    for (int chunk = 0; chunk < file.chunks(); chunk++) {
      if ((long) chunk * file.chunkTokens() >= positions) {
        break;
      }
      batches.add(batch(chunk, 1));
    }
    return batches;
  }

  @Override
  public Optional<TextTokenizer> tokenizer() {
    return tokenizer;
  }

  @Override
  public void close() {
    file.close();
  }
}
