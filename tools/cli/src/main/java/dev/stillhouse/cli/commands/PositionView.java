package dev.stillhouse.cli.commands;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stillhouse.cli.output.Printable;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.Reason;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import dev.stillhouse.storage.tokens.SegmentSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows the statistics of one position, to programs and to people. */
final class PositionView {
  private static final int CONTEXT_TOKENS = 48;
  private static final int BAR = 40;

  private final Result told;
  private final String context;
  private final String where;

  private PositionView(Result told, String context, String where) {
    this.told = told;
    this.context = context;
    this.where = where;
  }

  /**
   * The result; its keys are promised to programs. Null stands for what the position does not have.
   *
   * @param normalisersAt by temperature; empty if the statistic has none
   */
  record Result(
      int token,
      @Nullable Integer nextToken,
      @Nullable String nextText,
      @Nullable SegmentSource source,
      List<Entry> entries,
      @Nullable Float logTail,
      @Nullable Float entropy,
      @Nullable Float logNormaliser,
      @Nullable Float targetLogProb,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Float> normalisersAt) {}

  /** One kept entry, without the fields that the statistic does not have. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Entry(
      int id,
      String text,
      float logProb,
      @Nullable List<Reason> reasons,
      @Nullable Integer count,
      @Nullable Float logProposal) {
    static Entry of(StatisticsBatch batch, int e, String text) {
      Provenance provenance = batch.provenance();
      return new Entry(
          batch.ids()[e],
          text,
          batch.logProbs()[e],
          provenance.reasons().length == 0 ? null : Reason.all(provenance.reasons()[e]),
          provenance.counts().length == 0 ? null : provenance.counts()[e],
          provenance.logProposals().length == 0 ? null : provenance.logProposals()[e]);
    }

    /** Returns its reasons, in words. */
    String why() {
      String words =
          reasons == null
              ? ""
              : reasons.stream()
                  .map(reason -> reason.name().toLowerCase(Locale.ROOT))
                  .collect(Collectors.joining(" "));
      return count == null || count == 0 ? words : words + " " + count + "x";
    }
  }

  static PositionView of(Dataset dataset, long sequence, int position) {
    int length = dataset.manifest().sequenceLength();
    if (position < 0 || position >= length) {
      throw UsageException.of(
          "--position %d: the sequence has positions 0 to %d", position, length - 1);
    }
    StatisticsBatch batch = dataset.read(sequence, 1, Projection.ALL);
    TextTokenizer tokenizer = tokenizer(dataset);
    TokenBatch tokens = batch.tokens();
    List<Entry> entries = new ArrayList<>();
    for (int e = batch.offsets()[position]; e < batch.offsets()[position + 1]; e++) {
      entries.add(Entry.of(batch, e, text(tokenizer, batch.ids()[e])));
    }
    int target = tokens.target(position);
    SegmentSource source =
        tokens.padding(position)
            ? null
            : dataset.sources(sequence).sources().get(0).get(tokens.segments()[position]);
    Result told =
        new Result(
            tokens.tokens()[position],
            target == TokenBatch.NO_TARGET ? null : target,
            target == TokenBatch.NO_TARGET ? null : text(tokenizer, target),
            source,
            entries,
            orNull(batch.logTail()[position]),
            orNull(batch.entropy()[position]),
            orNull(batch.logNormaliser()[position]),
            orNull(batch.targetLogProb()[position]),
            normalisersAt(dataset, batch, position));
    return new PositionView(
        told,
        context(tokenizer, tokens, position),
        Terminal.text(
            "sequence %d, position %d, segment %d",
            sequence, position, tokens.segments()[position]));
  }

  private static Map<String, Float> normalisersAt(
      Dataset dataset, StatisticsBatch batch, int position) {
    List<Double> temperatures = dataset.statistic().normalisersAt();
    Map<String, Float> normalisers = new LinkedHashMap<>();
    for (int t = 0; t < temperatures.size(); t++) {
      float value = batch.further()[t][position];
      if (!Float.isNaN(value)) {
        normalisers.put(temperatures.get(t).toString(), value);
      }
    }
    return normalisers;
  }

  private static TextTokenizer tokenizer(Dataset dataset) {
    return Tokenizers.ofDataset(
        dataset.manifest().tokenizer(),
        dataset.manifest().identity().tokenizer(),
        dataset.reader());
  }

  private static @Nullable Float orNull(float value) {
    return Float.isNaN(value) ? null : value;
  }

  private static String text(TextTokenizer tokenizer, int id) {
    return tokenizer.decode(new int[] {id});
  }

  private static String context(TextTokenizer tokenizer, TokenBatch tokens, int position) {
    int from = position;
    while (from > 0
        && position - from < CONTEXT_TOKENS
        && tokens.segments()[from - 1] == tokens.segments()[position]) {
      from--;
    }
    boolean cut = from > 0 && tokens.segments()[from - 1] == tokens.segments()[position];
    String text = tokenizer.decode(Arrays.copyOfRange(tokens.tokens(), from, position + 1));
    return (cut ? "..." : "") + text;
  }

  Result message() {
    return told;
  }

  /** Shows at most {@code max} entries. */
  void print(Terminal terminal, int max) {
    terminal.say("%s", where);
    if (told.source() == null) {
      terminal.say("padding: nothing is said here");
      return;
    }
    terminal.say("source      %s, document %d", told.source().file(), told.source().document());
    terminal.say("context     %s", visible(context));
    Integer next = told.nextToken();
    for (Entry entry : told.entries().subList(0, Math.min(max, told.entries().size()))) {
      double probability = Math.exp(entry.logProb());
      terminal.say(
          "  %6.2f %%  %-18s %s%s%s",
          100 * probability,
          "'" + visible(entry.text()) + "'",
          entry.reasons() == null && entry.count() == null
              ? ""
              : String.format(Locale.ROOT, "%-20s ", entry.why().strip()),
          "#".repeat((int) Math.round(BAR * probability)),
          next != null && next == entry.id() ? "  <- the text goes on so" : "");
    }
    if (told.entries().size() > max) {
      terminal.say("  ... and %d more that were kept", told.entries().size() - max);
    }
    if (next != null && told.nextText() != null) {
      terminal.say("goes on     '%s' (id %d), %s", visible(told.nextText()), next, rank(next));
    }
    terminal.say(
        "not kept    %.4f %%", 100 * Math.exp(told.logTail() == null ? 0 : told.logTail()));
    terminal.say("entropy     %s", nats(told.entropy(), "none"));
    terminal.say("normaliser  %s", nats(told.logNormaliser(), "the teacher gives none"));
    told.normalisersAt()
        .forEach((at, value) -> terminal.say("  at %-6s  %s", at, nats(value, "none")));
    terminal.say("target      %s", nats(told.targetLogProb(), "none: the segment ends here"));
  }

  private String rank(int next) {
    for (int e = 0; e < told.entries().size(); e++) {
      if (told.entries().get(e).id() == next) {
        return "entry " + (e + 1) + " of " + told.entries().size();
      }
    }
    return "which was not kept as an entry";
  }

  private static String nats(@Nullable Float value, String absent) {
    return value == null ? absent : Terminal.text("%.4f nats", value);
  }

  /** Returns the text with white space and control characters made visible. */
  private static String visible(String text) {
    return Printable.word(text);
  }
}
