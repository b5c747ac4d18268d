package dev.stillhouse.cli.commands;

import dev.stillhouse.pipeline.LocalPath;
import dev.stillhouse.pipeline.corpus.CorpusOptions;
import dev.stillhouse.pipeline.corpus.FileSplit;
import dev.stillhouse.pipeline.job.TokenSource;
import dev.stillhouse.pipeline.job.extract.DatasetSource;
import dev.stillhouse.pipeline.job.pack.CorpusSource;
import dev.stillhouse.pipeline.job.pack.KldTokens;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The input of the teacher, and how it is packed: options of {@code extract}. */
final class Sources {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--corpus",
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Files, directories, globs: .txt, .jsonl, .ndjson, "
              + "each also with .gz or .zst, .parquet, .bin "
              + "(token ids). - is standard input.")
  private List<String> corpus = new ArrayList<>();

  @Option(
      names = "--tokens",
      paramLabel = "DATASET",
      description = "Instead of --corpus: the token shards of a dataset that is there.")
  private @Nullable String tokens;

  @Option(
      names = "--tokenizer",
      completionCandidates = Candidates.OfTokenizers.class,
      defaultValue = "gpt2",
      paramLabel = "gpt2|cl100k|o200k|FILE.json",
      description = "A built-in one or a Hugging Face tokenizer.json (default: ${DEFAULT-VALUE}).")
  private String tokenizer = "gpt2";

  @Option(
      names = "--special-tokens",
      description = "Special tokens of a FILE.json that occur in text are ids, not text.")
  private boolean specialTokens;

  @Option(
      names = "--sequence-length",
      defaultValue = "512",
      paramLabel = "T",
      description = "Positions of a sequence (default: ${DEFAULT-VALUE}).")
  private int sequenceLength = 512;

  @Option(
      names = "--shard-sequences",
      defaultValue = "512",
      paramLabel = "N",
      description = "Sequences of a shard (default: ${DEFAULT-VALUE}).")
  private int shardSequences = 512;

  @Option(
      names = "--separator",
      completionCandidates = Candidates.OfSeparators.class,
      defaultValue = "end",
      paramLabel = "end|none|ID",
      description = "Token after each document (default: the tokenizer's end token).")
  private String separator = "end";

  @Option(
      names = "--text-field",
      defaultValue = "text",
      description = "Jsonl field or parquet column of the text (default: ${DEFAULT-VALUE}).")
  private String textField = "text";

  @Option(
      names = "--documents",
      completionCandidates = Candidates.OfDocuments.class,
      defaultValue = "file",
      paramLabel = "file|paragraph",
      description = "What a document of a .txt is (default: ${DEFAULT-VALUE}).")
  private String documents = "file";

  @Option(
      names = "--stdin-as",
      completionCandidates = Candidates.OfFormats.class,
      paramLabel = "txt|jsonl|parquet|bin",
      description = "What '-' in --corpus, standard input, holds (default: txt).")
  private @Nullable String stdinAs;

  @Option(
      names = "--max-documents",
      paramLabel = "N",
      description = "Take the first N documents of the corpus (default: all).")
  private long maxDocuments = FileSplit.ALL;

  @Option(
      names = "--sample",
      defaultValue = "1",
      paramLabel = "SHARE",
      description = "Take this share of them, chosen by content (default: ${DEFAULT-VALUE}, all).")
  private double sample = 1;

  @Option(
      names = "--on-bad-document",
      completionCandidates = Candidates.OfBadDocuments.class,
      defaultValue = "fail",
      paramLabel = "fail|skip",
      description = "When a document cannot be read (default: ${DEFAULT-VALUE}).")
  private String onBadDocument = "fail";

  @Option(
      names = "--token-type",
      completionCandidates = Candidates.OfTokenTypes.class,
      defaultValue = "uint16",
      paramLabel = "uint16|uint32",
      description = "Little-endian type of ids in a .bin (default: ${DEFAULT-VALUE}).")
  private String tokenType = "uint16";

  /** Returns the dataset whose tokens are read; empty for a corpus. */
  Optional<String> dataset() {
    return Optional.ofNullable(tokens);
  }

  /** Passes words on to Beam: a corpus takes all words that follow, options of Beam among them. */
  void passOn(List<String> beam) {
    corpus.stream().filter(word -> word.startsWith("--")).forEach(beam::add);
    corpus.removeIf(word -> word.startsWith("--"));
  }

  /** Returns whether neither a corpus nor a dataset is named. */
  boolean isEmpty() {
    return corpus.isEmpty() && tokens == null;
  }

  /**
   * Opens the tokens of a file of llama.cpp. Its tokenizer is unknown, unless it is named.
   *
   * @param file text behind {@code kld:}
   */
  TokenSource openKld(String file) {
    boolean named = command.commandLine().getParseResult().hasMatchedOption("--tokenizer");
    return new KldTokens(
        LocalPath.of("kld", file),
        named ? Optional.of(Tokenizers.named(tokenizer, specialTokens)) : Optional.empty(),
        shardSequences);
  }

  /**
   * Opens what the options name.
   *
   * @param outputs places that are written to; a corpus may lie around them
   */
  TokenSource open(List<String> outputs, Terminal terminal) {
    if (corpus.isEmpty() == (tokens == null)) {
      throw new UsageException("give either --corpus PATH... or --tokens DATASET");
    }
    if (tokens != null) {
      return new DatasetSource(tokens);
    }
    TextTokenizer named = Tokenizers.named(tokenizer, specialTokens);
    Integer between = separator(named, terminal);
    return new CorpusSource(
        corpus,
        new CorpusOptions(
                textField,
                oneOf("--documents", documents, "file", "paragraph").equals("paragraph"),
                CorpusOptions.tokenBytes(tokenType),
                between)
            .taking(
                maxDocuments,
                sample,
                oneOf("--on-bad-document", onBadDocument, "fail", "skip").equals("skip")),
        named,
        new Packing(sequenceLength, shardSequences, between),
        System.in,
        stdinAs,
        outputs,
        note -> terminal.progress("warning: %s", note));
  }

  private @Nullable Integer separator(TextTokenizer named, Terminal terminal) {
    if (separator.equals("end")) {
      int end = named.endToken();
      tellEnd(named, terminal);
      return end;
    }
    if (separator.equals("none")) {
      return null;
    }
    if (separator.matches("[0-9]{1,9}") && Integer.parseInt(separator) < named.vocabulary()) {
      return Integer.parseInt(separator);
    }
    throw UsageException.of(
        "--separator '%s': need end, none, or a token id below %d", separator, named.vocabulary());
  }

  /**
   * Reports the end token, if the tokenizer has several: the first is taken, and a person should
   * see which.
   */
  private void tellEnd(TextTokenizer named, Terminal terminal) {
    List<Integer> ends = named.endTokens();
    if (ends.size() > 1) {
      terminal.progress(
          "documents are ended by token %s of %s; it has %s too: --separator ID takes another",
          end(named, ends.get(0)),
          named.name(),
          ends.stream().skip(1).map(id -> end(named, id)).collect(Collectors.joining(" and ")));
    }
  }

  private static String end(TextTokenizer named, int id) {
    return id + " '" + named.decode(new int[] {id}) + "'";
  }

  /**
   * Returns a value of an option that takes a few words.
   *
   * @throws UsageException if it is none of {@code allowed}
   */
  static String oneOf(String option, String value, String... allowed) {
    if (!List.of(allowed).contains(value)) {
      throw UsageException.of("%s '%s': need one of %s", option, value, String.join(", ", allowed));
    }
    return value;
  }
}
