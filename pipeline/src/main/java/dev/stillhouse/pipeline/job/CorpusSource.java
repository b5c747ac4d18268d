package dev.stillhouse.pipeline.job;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.corpus.CorpusOptions;
import dev.stillhouse.pipeline.corpus.CorpusPlan;
import dev.stillhouse.pipeline.corpus.Packing;
import dev.stillhouse.pipeline.corpus.TextTokenizer;
import dev.stillhouse.pipeline.corpus.Tokenizers;
import dev.stillhouse.pipeline.corpus.Unit;
import dev.stillhouse.storage.dataset.Identity;
import dev.stillhouse.storage.dataset.TokenShardRecord;
import dev.stillhouse.storage.region.RegionStore;
import java.util.List;

/** Text or token files that are packed here. */
public final class CorpusSource implements TokenSource {
  private final List<String> arguments;
  private final CorpusOptions options;
  private final TextTokenizer tokenizer;
  private final Packing packing;
  private List<Unit> units = ImmutableList.of();

  /**
   * A corpus as the command line names it.
   *
   * @param arguments files, directories and globs
   */
  public CorpusSource(
      List<String> arguments, CorpusOptions options, TextTokenizer tokenizer, Packing packing) {
    this.arguments = ImmutableList.copyOf(arguments);
    this.options = options;
    this.tokenizer = tokenizer;
    this.packing = packing;
  }

  @Override
  public Description describe() {
    units = CorpusPlan.of(arguments, options).units();
    List<String> hashes = units.stream().map(Unit::contentHash).toList();
    return new Description(
        Identity.corpus(hashes),
        packing.canonical(),
        tokenizer.name(),
        tokenizer.fingerprint(),
        tokenizer.vocabulary(),
        packing.sequenceLength(),
        hashes);
  }

  @Override
  public List<TokenShardRecord> provide(
      RegionStore home, String store, List<String> beam, JobListener listener) {
    // Workers and later readers take it from here: the user's file may be gone, or another's.
    tokenizer.blob().ifPresent(blob -> home.putNew(Tokenizers.key(tokenizer.fingerprint()), blob));
    PackPlan plan =
        new PackPlan("", store, options, tokenizer.name(), tokenizer.fingerprint(), packing);
    return PackJob.run(units, plan, home, beam, listener);
  }
}
