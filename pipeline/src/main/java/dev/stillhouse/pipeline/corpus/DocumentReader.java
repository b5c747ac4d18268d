package dev.stillhouse.pipeline.corpus;

/** Reads the documents of a file split of one format. */
public interface DocumentReader {
  /**
   * Gives all documents of a split to the sink, in order and in bounded memory. The sink must not
   * commit before this returns.
   *
   * @throws dev.stillhouse.storage.DataException for bytes that are no documents, and at the end if
   *     the file has changed since it was planned
   */
  void read(FileSplit fileSplit, DocumentSink sink);

  /**
   * Returns the reader of a format.
   *
   * @param vocabulary ids of token files are 0 to vocabulary - 1
   */
  static DocumentReader of(CorpusFormat format, CorpusOptions options, int vocabulary) {
    return switch (format) {
      case TEXT -> new TextReader(options);
      case JSONL -> new JsonlReader(options.textField(), LineReader.LONGEST_LINE);
      case PARQUET -> new ParquetReader(options.textField());
      case TOKENS -> new TokenReader(options, vocabulary);
    };
  }
}
