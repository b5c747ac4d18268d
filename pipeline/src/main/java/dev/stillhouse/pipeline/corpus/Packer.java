package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.tokens.SegmentSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Packs the documents of a unit into sequences. Holds one row, and what the reader holds. */
public final class Packer {
  private final Packing packing;
  private final CorpusOptions options;
  private final TextTokenizer tokenizer;

  /**
   * A packer for many units.
   *
   * @throws UsageException if the separator is no id of the tokenizer, or is not the one that the
   *     corpus was planned with
   */
  public Packer(Packing packing, CorpusOptions options, TextTokenizer tokenizer) {
    Integer separator = packing.separator();
    if (separator != null && separator >= tokenizer.vocabulary()) {
      throw UsageException.of(
          "separator id %d is outside the vocabulary of tokenizer '%s'; need < %d",
          separator, tokenizer.name(), tokenizer.vocabulary());
    }
    if (!Objects.equals(separator, options.separator())) {
      throw UsageException.of(
          "the corpus is read with separator %s but packed with %s; need the same",
          options.separator(), separator);
    }
    this.packing = packing;
    this.options = options;
    this.tokenizer = tokenizer;
  }

  /**
   * Packs a unit; only its last sequence can hold padding. The unit's bytes are hashed again on the
   * way.
   *
   * @throws dev.stillhouse.storage.DataException if a document cannot be read, or a file has
   *     changed since the corpus was planned. Rows given to the sink before must then be thrown
   *     away
   */
  public PackTotals pack(Unit unit, SequenceSink sink) {
    RowBuilder rows = new RowBuilder(packing, sink);
    for (Piece piece : unit.pieces()) {
      DocumentReader.of(piece.format(), options, tokenizer.vocabulary())
          .read(piece, new Documents(piece.place(), rows));
    }
    return rows.finish();
  }

  /** Puts the documents of one piece into rows. */
  private final class Documents implements DocumentSink {
    private final String path;
    private final RowBuilder rows;
    private @Nullable TextEncoder encoder;

    Documents(String path, RowBuilder rows) {
      this.path = path;
      this.rows = rows;
    }

    @Override
    public void start(SegmentSource source) {
      rows.start(source);
      encoder = tokenizer.encoder(path + ": document " + source.document(), rows::token);
    }

    @Override
    public void text(CharSequence chunk) {
      if (encoder != null) {
        encoder.text(chunk);
      }
    }

    @Override
    public void tokens(int[] ids, int count) {
      for (int i = 0; i < count; i++) {
        rows.token(ids[i]);
      }
    }

    @Override
    public void end() {
      if (encoder != null) {
        encoder.end();
        encoder = null;
      }
      rows.end();
    }
  }
}
