package dev.stillhouse.pipeline.packing;

import dev.stillhouse.pipeline.corpus.CorpusFormat;
import dev.stillhouse.pipeline.corpus.CorpusOptions;
import dev.stillhouse.pipeline.corpus.CorpusSplit;
import dev.stillhouse.pipeline.corpus.DocumentReader;
import dev.stillhouse.pipeline.corpus.FileSplit;
import dev.stillhouse.pipeline.corpus.SubsampledDocuments;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.manifest.SkippedDocument;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Packs the documents of a corpus split into sequences. Memory is one row, and that of the reader.
 */
public final class Packer {
  private final Packing packing;
  private final CorpusOptions options;
  private final TextTokenizer tokenizer;
  private final Readers readers;

  /** Finds the reader of a format. */
  public interface Readers {
    DocumentReader of(CorpusFormat format, CorpusOptions options, int vocabulary);
  }

  /**
   * Creates a packer for many corpus splits.
   *
   * @throws UsageException if the separator is no id of the tokenizer, or is not the one that the
   *     corpus was planned with
   */
  public Packer(Packing packing, CorpusOptions options, TextTokenizer tokenizer) {
    this(packing, options, tokenizer, DocumentReader::of);
  }

  /** Creates a packer with other readers, for tests. */
  public Packer(Packing packing, CorpusOptions options, TextTokenizer tokenizer, Readers readers) {
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
    this.readers = readers;
  }

  /**
   * Packs a corpus split without skipping documents; see {@link #pack(CorpusSplit, SequenceSink,
   * Consumer, LongConsumer)}.
   */
  public PackTotals pack(CorpusSplit split, SequenceSink sink) {
    return pack(
        split,
        sink,
        document -> {
          throw DataException.of(
              "%s cannot be read, and this caller takes no list of skipped documents", document);
        },
        bytes -> {});
  }

  /**
   * Packs a corpus split; only its last sequence can hold padding. The corpus split's bytes are
   * hashed again on the way.
   *
   * @param skipped takes the documents that were left out, if the options allow that
   * @param progress receives from time to time how many of the split's stored bytes were read
   * @throws dev.stillhouse.storage.DataException if a document cannot be read, or a file has
   *     changed since the corpus was planned. Rows given to the sink before must then be thrown
   *     away
   */
  public PackTotals pack(
      CorpusSplit split,
      SequenceSink sink,
      Consumer<SkippedDocument> skipped,
      LongConsumer progress) {
    RowBuilder rows = new RowBuilder(packing, sink);
    long done = 0;
    for (FileSplit fileSplit : split.fileSplits()) {
      long before = done;
      LongConsumer read = bytes -> progress.accept(before + bytes);
      try (PackedDocuments documents = documents(fileSplit, rows, read, skipped)) {
        readers
            .of(fileSplit.format(), options, tokenizer.vocabulary())
            .read(
                fileSplit,
                options.sample() < 1
                    ? new SubsampledDocuments(documents, options.sample())
                    : documents);
      }
      done += fileSplit.length();
      progress.accept(done);
    }
    return rows.finish();
  }

  private PackedDocuments documents(
      FileSplit fileSplit,
      RowBuilder rows,
      LongConsumer progress,
      Consumer<SkippedDocument> skipped) {
    return options.skipBad()
        ? new SkippingDocuments(fileSplit.place(), tokenizer, rows, progress, skipped)
        : new PackedDocuments(fileSplit.place(), tokenizer, rows, progress);
  }
}
