package dev.stillhouse.pipeline.packing;

import dev.stillhouse.pipeline.corpus.BadDocumentException;
import dev.stillhouse.pipeline.corpus.DocumentSink;
import dev.stillhouse.pipeline.tokenizer.TextEncoder;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.pipeline.tokenizer.UncutTextException;
import dev.stillhouse.storage.tokens.SegmentSource;
import java.io.Closeable;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Puts the documents of one file split into rows, token by token as they are read. */
public class PackedDocuments implements DocumentSink, Closeable {
  private final String place;
  private final TextTokenizer tokenizer;
  private final RowBuilder rows;
  private final LongConsumer progress;
  private @Nullable TextEncoder encoder;

  /**
   * Creates a sink.
   *
   * @param place the file, for messages
   * @param progress receives the number of the split's stored bytes that were read
   */
  public PackedDocuments(
      String place, TextTokenizer tokenizer, RowBuilder rows, LongConsumer progress) {
    this.place = place;
    this.tokenizer = tokenizer;
    this.rows = rows;
    this.progress = progress;
  }

  @Override
  public void start(SegmentSource source) {
    rows.start(source);
    encode(source);
  }

  /** Begins to encode a document's text. */
  final void encode(SegmentSource source) {
    encoder = tokenizer.encoder(place + ": document " + source.document(), this::token);
  }

  /** Takes the document's next token. */
  void token(int id) {
    rows.token(id);
  }

  @Override
  public void text(CharSequence chunk) {
    if (encoder != null) {
      try {
        encoder.text(chunk);
      } catch (UncutTextException e) {
        throw new BadDocumentException(e);
      }
    }
  }

  @Override
  public void tokens(int[] ids, int count) {
    for (int i = 0; i < count; i++) {
      token(ids[i]);
    }
  }

  @Override
  public void end() {
    endText();
    rows.end();
  }

  /** Encodes the text that the encoder held back. */
  final void endText() {
    if (encoder != null) {
      encoder.end();
      encoder = null;
    }
  }

  @Override
  public void stored(long bytes) {
    progress.accept(bytes);
  }

  @Override
  public void close() {}
}
