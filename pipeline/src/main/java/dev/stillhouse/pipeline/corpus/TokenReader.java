package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.tokens.SegmentSource;

/**
 * Reads .bin files: unsigned little-endian ids without a header. A document ends with the
 * separator, which is not passed on: the packer puts it after every document. Memory is one buffer
 * of ids.
 */
final class TokenReader implements DocumentReader {
  private final CorpusOptions options;
  private final int vocabulary;

  TokenReader(CorpusOptions options, int vocabulary) {
    this.options = options;
    this.vocabulary = vocabulary;
  }

  /** Refuses a length that is not a whole number of ids. */
  static void checkLength(String path, long length, int tokenBytes) {
    if (length % tokenBytes != 0) {
      throw DataException.of(
          "%s: %d bytes are no whole number of uint%d ids (%d bytes each); is the file complete,"
              + " and is this its type?",
          path, length, 8 * tokenBytes, tokenBytes);
    }
  }

  @Override
  public void read(FileSplit fileSplit, DocumentSink sink) {
    int width = options.tokenBytes();
    Integer separator = options.separator();
    checkLength(fileSplit.path(), fileSplit.length(), width);
    int[] ids = new int[FileSplitInput.BUFFER / width];
    long document = fileSplit.firstDocument();
    boolean open = false;
    try (FileSplitInput in = FileSplitInput.open(fileSplit, sink::stored)) {
      int count;
      while ((count = in.fill()) >= 0) {
        int held = 0;
        for (int at = 0; at < count; at += width) {
          long id = id(in.buffer(), at, width);
          if (id >= vocabulary) {
            throw outside(fileSplit, in.offset() - count + at, id);
          }
          if (!open) {
            sink.start(new SegmentSource(fileSplit.name(), document++));
            open = true;
          }
          if (separator != null && id == separator) {
            sink.tokens(ids, held);
            held = 0;
            sink.end();
            open = false;
          } else {
            ids[held++] = (int) id;
          }
        }
        if (held > 0) {
          sink.tokens(ids, held);
        }
      }
      if (open) {
        sink.end();
      }
    }
  }

  private static long id(byte[] bytes, int at, int width) {
    long id = 0;
    for (int i = 0; i < width; i++) {
      id |= (bytes[at + i] & 0xFFL) << (8 * i);
    }
    return id;
  }

  private DataException outside(FileSplit fileSplit, long offset, long id) {
    return DataException.of(
        "%s: byte offset %d: id %d, but the tokenizer's vocabulary is %d; read it with the"
            + " tokenizer that made it, and as its type (this is uint%d)",
        fileSplit.path(), offset, id, vocabulary, 8 * options.tokenBytes());
  }
}
