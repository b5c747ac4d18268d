package dev.stillhouse.pipeline.packing;

import dev.stillhouse.pipeline.corpus.BadDocumentException;
import dev.stillhouse.pipeline.corpus.DocumentIds;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.storage.manifest.SkippedDocument;
import dev.stillhouse.storage.tokens.SegmentSource;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts whole documents into rows and leaves bad ones out. A full row is passed on and cannot be
 * taken back, so a document's tokens are held until it was read to the end.
 */
final class SkippingDocuments extends PackedDocuments {
  private final RowBuilder rows;
  private final Consumer<SkippedDocument> skipped;
  private final DocumentIds ids = new DocumentIds(DocumentIds.MAX);
  private @Nullable SegmentSource open;

  SkippingDocuments(
      String place,
      TextTokenizer tokenizer,
      RowBuilder rows,
      LongConsumer progress,
      Consumer<SkippedDocument> skipped) {
    super(place, tokenizer, rows, progress);
    this.rows = rows;
    this.skipped = skipped;
  }

  @Override
  public void start(SegmentSource source) {
    ids.clear();
    open = source;
    encode(source);
  }

  @Override
  void token(int id) {
    ids.add(id);
  }

  @Override
  public void end() {
    endText();
    SegmentSource source = open;
    if (source == null) {
      throw new IllegalStateException("SkippingDocuments: a document ends that did not start");
    }
    rows.start(source);
    ids.drain(rows::token);
    rows.end();
  }

  @Override
  public void bad(SegmentSource source, BadDocumentException why) {
    ids.clear();
    skipped.accept(new SkippedDocument(source.file(), source.document(), why.reason()));
  }

  @Override
  public void close() {
    ids.close();
  }
}
