package dev.stillhouse.storage.loader.dense;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.layout.Projection;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A column that dense batches may have. B is the rows of a batch, T the sequence length, k the
 * entries of a {@link DenseForm}. What padding holds stands in parentheses.
 */
@PublicApi
public enum DenseField {
  /** Ids, integer [B][T] (0). */
  TOKENS(NumberKind.INTEGER, Level.SLOT, null),
  /** Number of the segment within the sequence, integer [B][T] (-1). */
  SEGMENTS(NumberKind.INTEGER, Level.SLOT, null),
  /** Place within the segment, integer [B][T] (0). */
  POSITIONS(NumberKind.INTEGER, Level.SLOT, null),
  /** The next token of the segment, integer [B][T]; -100 where there is none (-100). */
  TARGETS(NumberKind.INTEGER, Level.SLOT, null),
  /** 1 where there is a target, uint8 [B][T] (0). */
  LOSS_MASK(NumberKind.BYTE, Level.SLOT, null),
  /** Ids of the entries, best first, integer [B][T][k]; 0 where there are fewer (0). */
  IDS(NumberKind.INTEGER, Level.ENTRY, Projection.Column.ENTRIES),
  /** Their log-probs in nats, float [B][T][k]; -10,000 where there are fewer (-10,000). */
  LOG_PROBS(NumberKind.FLOAT, Level.ENTRY, Projection.Column.ENTRIES),
  /** Log of all mass but that of the k entries, float [B][T]; at least -10,000 (-10,000). */
  LOG_TAIL(NumberKind.FLOAT, Level.SLOT, Projection.Column.LOG_TAIL),
  /** Log-sum-exp of the logits, float [B][T]; NaN where the teacher gave none (0). */
  LOG_NORMALISER(NumberKind.FLOAT, Level.SLOT, Projection.Column.LOG_NORMALISER),
  /** Entropy of the teacher's distribution in nats, float [B][T] (0). */
  ENTROPY(NumberKind.FLOAT, Level.SLOT, Projection.Column.ENTROPY),
  /** The teacher's log-prob of the target in nats, float [B][T]; 0 where there is none (0). */
  TARGET_LOG_PROB(NumberKind.FLOAT, Level.SLOT, Projection.Column.TARGET_LOG_PROB),
  /** What each entry is kept for, bits, uint8 [B][T][k]: 1 top, 2 sampled, 4 forced, 8 target. */
  REASONS(NumberKind.BYTE, Level.ENTRY, Projection.Column.PROVENANCE),
  /** How often each entry was drawn, integer [B][T][k] (0). */
  COUNTS(NumberKind.INTEGER, Level.ENTRY, Projection.Column.PROVENANCE),
  /** Log of the probability of a draw, float [B][T][k], where it is not the log-prob (-10,000). */
  LOG_PROPOSALS(NumberKind.FLOAT, Level.ENTRY, Projection.Column.PROVENANCE),
  /** Number of the sequence in its dataset, int64 [B]; -1 in a row that is not there. */
  SEQUENCES(NumberKind.LONG, Level.ROW, null),
  /** Number of the mixture's corpus, int64 [B]; -1 in a row that is not there. */
  SOURCES(NumberKind.LONG, Level.ROW, null);

  /** The columns of a form that names none. */
  static final ImmutableList<DenseField> USUAL =
      ImmutableList.of(
          TOKENS,
          SEGMENTS,
          POSITIONS,
          TARGETS,
          LOSS_MASK,
          IDS,
          LOG_PROBS,
          LOG_TAIL,
          LOG_NORMALISER);

  /** Which type the numbers have. */
  enum NumberKind {
    BYTE,
    INTEGER,
    LONG,
    FLOAT
  }

  /** What has one number. */
  enum Level {
    ROW,
    SLOT,
    ENTRY
  }

  private final NumberKind number;
  private final Level level;
  private final Optional<Projection.Column> needs;

  DenseField(NumberKind number, Level level, Projection.@Nullable Column needs) {
    this.number = number;
    this.level = level;
    this.needs = Optional.ofNullable(needs);
  }

  /** Returns the name of the column, as in {@code log_probs}. */
  public String column() {
    return Ascii.toLowerCase(name());
  }

  /** Returns the field whose column has this name. */
  public static DenseField named(String column) {
    return Arrays.stream(values())
        .filter(field -> field.column().equals(column))
        .findFirst()
        .orElseThrow(
            () ->
                UsageException.of(
                    "no column '%s' in dense batches; there are %s",
                    column,
                    Arrays.stream(values())
                        .map(DenseField::column)
                        .collect(Collectors.joining(", "))));
  }

  /** Returns whether the column says something about sequences, the same for each teacher. */
  public boolean ofSequences() {
    return needs.isEmpty();
  }

  NumberKind number() {
    return number;
  }

  Level level() {
    return level;
  }

  /** Returns the stored column that it is made from, if any beside the tokens. */
  Optional<Projection.Column> needs() {
    return needs;
  }
}
