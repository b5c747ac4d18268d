package dev.stillhouse.pipeline.job.pack;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.corpus.CorpusOptions;
import dev.stillhouse.pipeline.corpus.CorpusPlan;
import dev.stillhouse.pipeline.corpus.CorpusSearch;
import dev.stillhouse.pipeline.corpus.CorpusSplit;
import dev.stillhouse.pipeline.corpus.StandardInput;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.TokenEstimate;
import dev.stillhouse.pipeline.job.TokenSource;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.manifest.ContentBlob;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Text or token files, packed by this job. */
public class CorpusSource implements TokenSource {
  private final List<String> arguments;
  private final CorpusOptions options;
  private final TextTokenizer tokenizer;
  private final Packing packing;
  private final InputStream in;
  private final @Nullable String inputAs;
  private final List<String> outputs;
  private final Consumer<String> notes;
  private @Nullable StandardInput input;
  private List<CorpusSplit> splits = ImmutableList.of();

  /**
   * Creates a corpus as the command line names it.
   *
   * @param arguments files, directories and globs
   */
  public CorpusSource(
      List<String> arguments, CorpusOptions options, TextTokenizer tokenizer, Packing packing) {
    this(
        arguments,
        options,
        tokenizer,
        packing,
        InputStream.nullInputStream(),
        null,
        ImmutableList.of(),
        note -> {});
  }

  /**
   * Creates a corpus with standard input; close the source then.
   *
   * @param in read to its end when the corpus is described
   * @param inputAs its format, see {@link StandardInput#copy}
   * @param outputs folders that are written to; files in them are left out
   * @param notes takes a sentence for each kind of file or folder that is left out
   */
  public CorpusSource(
      List<String> arguments,
      CorpusOptions options,
      TextTokenizer tokenizer,
      Packing packing,
      InputStream in,
      @Nullable String inputAs,
      List<String> outputs,
      Consumer<String> notes) {
    long times = arguments.stream().filter(StandardInput.ARGUMENT::equals).count();
    if (times > 1) {
      throw UsageException.of("standard input ('-') is named %d times; it can be read once", times);
    }
    if (times == 0 && inputAs != null) {
      throw UsageException.of("--stdin-as %s, but '-' is not among the corpus", inputAs);
    }
    this.outputs = ImmutableList.copyOf(outputs);
    this.notes = notes;
    this.in = in;
    this.inputAs = inputAs;
    this.arguments = ImmutableList.copyOf(arguments);
    this.options = options;
    this.tokenizer = tokenizer;
    this.packing = packing;
  }

  @Override
  public Description describe() {
    splits = plan().splits();
    List<String> hashes = splits.stream().map(CorpusSplit::contentHash).toList();
    return new Description(
        packing.canonical(),
        tokenizer.name(),
        tokenizer.fingerprint(),
        tokenizer.vocabulary(),
        packing.sequenceLength(),
        hashes);
  }

  private CorpusPlan plan() {
    if (arguments.contains(StandardInput.ARGUMENT) && input == null) {
      input = StandardInput.copy(in, inputAs);
    }
    return CorpusPlan.of(
        new CorpusSearch(arguments, input, CorpusSearch.folders(outputs), notes), options);
  }

  @Override
  public void close() {
    if (input != null) {
      input.close();
      input = null;
    }
  }

  @Override
  public Provided provide(JobOutput output, List<String> beam, JobListener listener) {
    // Workers and later readers take it from here: the user's file may be gone, or another's.
    tokenizer
        .blob()
        .ifPresent(
            blob -> ContentBlob.put(output.home(), Tokenizers.key(tokenizer.fingerprint()), blob));
    PackPlan plan =
        new PackPlan(
            output.context().job(),
            output.store(),
            options,
            tokenizer.name(),
            tokenizer.fingerprint(),
            packing);
    return PackJob.run(splits, fn(plan), output, beam, listener);
  }

  /** Returns what packs the corpus splits. A test puts what fails in its place. */
  PackFn fn(PackPlan plan) {
    return new PackFn(plan);
  }

  @Override
  public Optional<TextTokenizer> tokenizer() {
    return Optional.of(tokenizer);
  }

  @Override
  public List<TokenBatch> head(long positions) {
    return CorpusEstimate.head(splits, options, tokenizer, packing, positions);
  }

  @Override
  public TokenEstimate sample(int sequences) {
    return CorpusEstimate.take(splits, options, tokenizer, packing, sequences);
  }
}
