package dev.stillhouse.bench;

import dev.stillhouse.cli.commands.Candidates;
import dev.stillhouse.cli.commands.Terminal;
import dev.stillhouse.pipeline.corpus.CorpusOptions;
import dev.stillhouse.pipeline.corpus.CorpusPlan;
import dev.stillhouse.pipeline.corpus.CorpusSplit;
import dev.stillhouse.pipeline.packing.Packer;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench packing}: measures packing of text to sequences, in one thread. */
@Command(
    name = "packing",
    description = "How fast one thread tokenises and packs text, in MB of text a second.",
    mixinStandardHelpOptions = true)
final class PackingBench implements Callable<Integer> {
  @Mixin private Terminal terminal = new Terminal();

  @Option(names = "--corpus", required = true, arity = "1..*", paramLabel = "PATH")
  private List<String> corpus = new ArrayList<>();

  @Option(
      names = "--tokenizer",
      completionCandidates = Candidates.OfTokenizers.class,
      defaultValue = "gpt2")
  private String tokenizer = "gpt2";

  @Option(names = "--rounds", defaultValue = "9")
  private int rounds = 9;

  @Override
  public Integer call() throws IOException {
    if (rounds < 1) {
      throw UsageException.of("--rounds %d: need 1 or more", rounds);
    }
    TextTokenizer named = Tokenizers.named(tokenizer);
    Integer end = named.endToken();
    CorpusOptions options = CorpusOptions.defaults(end);
    CorpusPlan plan = CorpusPlan.of(corpus, options);
    Packer packer = new Packer(new Packing(512, 512, end), options, named);
    AtomicLong sequences = new AtomicLong();
    Runnable pack =
        () -> {
          for (CorpusSplit split : plan.splits()) {
            sequences.addAndGet(packer.pack(split, (tokens, segments, sources) -> {}).sequences());
          }
        };
    Turns turns = Turns.of(rounds, pack, pack);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", "tokenise and pack");
    row.put("tokenizer", tokenizer);
    row.put("bytes", plan.bytes());
    row.put("megabytesPerSecond", plan.bytes() / 1e6 / turns.first());
    row.put("sequencesPerSecond", (double) sequences.get() / (2 * rounds + 2) / turns.first());
    Report.of(List.of(row)).print(terminal);
    return 0;
  }
}
