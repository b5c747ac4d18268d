package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.storage.UsageException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How bytes of a corpus become documents.
 *
 * @param textField the field of a jsonl line, or the column of a parquet file, that holds the text
 * @param paragraphs whether each paragraph of a .txt file is a document, instead of the file.
 *     Nothing is dropped: a paragraph ends where the next one starts, so that the line ends and
 *     blank lines after it belong to it. Blank lines at the start of a file belong to the first. A
 *     blank line is empty or begins with a carriage return (CRLF); a line of spaces is not blank
 * @param tokenBytes bytes of each id in a .bin file: 2 (uint16) or 4 (uint32)
 * @param separator the id that ends a document in a .bin file, the same as {@link
 *     Packing#separator}; with null a .bin file is one document
 * @param maxDocuments number of documents to take, the first ones in the corpus's order; {@link
 *     FileSplit#ALL} for all
 * @param sample share of these to take, above 0 and at most 1; see {@link SubsampledDocuments}
 * @param skipBad whether documents that cannot be read are left out; otherwise they are an error
 */
public record CorpusOptions(
    String textField,
    boolean paragraphs,
    int tokenBytes,
    @Nullable Integer separator,
    long maxDocuments,
    double sample,
    boolean skipBad)
    implements Serializable {
  public CorpusOptions {
    if (textField.isEmpty()) {
      throw UsageException.of(
          "text field '' is empty; name the jsonl field or parquet column that holds the text");
    }
    if (tokenBytes != 2 && tokenBytes != 4) {
      throw UsageException.of(
          "token files of %d bytes an id are not read; choose 2 (uint16) or 4 (uint32)",
          tokenBytes);
    }
    if (separator != null && separator < 0) {
      throw UsageException.of("separator id %d: need >= 0", separator);
    }
    if (maxDocuments < 1) {
      throw UsageException.of("at most %d documents: need >= 1", maxDocuments);
    }
    if (!(sample > 0 && sample <= 1)) {
      throw UsageException.of(
          "sample %s: need a share above 0 and at most 1, as in 0.1 for a tenth", sample);
    }
  }

  /** Creates options that take every document, and fail at a bad one. */
  public CorpusOptions(
      String textField, boolean paragraphs, int tokenBytes, @Nullable Integer separator) {
    this(textField, paragraphs, tokenBytes, separator, FileSplit.ALL, 1, false);
  }

  /** Returns the same options with another choice of documents. */
  public CorpusOptions taking(long documents, double share, boolean skip) {
    return new CorpusOptions(textField, paragraphs, tokenBytes, separator, documents, share, skip);
  }

  /** Returns the text before a format's settings: which of its documents are taken. */
  String sampleSettings() {
    // Hexadecimal: how doubles are written in decimal differs between JDKs.
    return sample < 1 ? "sample=" + Double.toHexString(sample) + " " : "";
  }

  /**
   * Returns the default options: the field {@code text}, a .txt file as one document, uint16 ids
   * ended by {@code separator}.
   */
  public static CorpusOptions defaults(@Nullable Integer separator) {
    return new CorpusOptions("text", false, 2, separator);
  }

  /** Returns the bytes of an id by the name of its type. */
  public static int tokenBytes(String type) {
    return switch (type) {
      case "uint16" -> 2;
      case "uint32" -> 4;
      default ->
          throw UsageException.of("token type '%s' is not read; present: [uint16, uint32]", type);
    };
  }
}
