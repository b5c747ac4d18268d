package dev.stillhouse.pipeline.corpus;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.stillhouse.pipeline.ByteOrderMark;
import dev.stillhouse.pipeline.corpus.parquet.TextColumn;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts one file into splits at document starts, and hashes them. */
final class FileCuts {
  private static final int BUFFER = 1 << 20;

  /**
   * A place to cut.
   *
   * @param offset in the file, bytes
   * @param document number of the document that starts there
   */
  private record Cut(long offset, long document) {}

  private FileCuts() {}

  /**
   * The part of a file that is taken.
   *
   * @param documents number of documents in the splits; 0 if there is no limit, since they are not
   *     counted then
   */
  record Taken(List<FileSplit> fileSplits, long documents) {
    private static final Taken NOTHING = new Taken(List.of(), 0);
  }

  /**
   * Returns the splits of a file, each at least {@code target} bytes but the last; none if it is
   * empty.
   *
   * @param max documents to take; {@link FileSplit#ALL} for all
   */
  static Taken take(CorpusFile file, CorpusOptions options, long target, long max) {
    if (file.length() == 0) {
      checkMayBeEmpty(file);
      return Taken.NOTHING;
    }
    if (file.format() == CorpusFormat.PARQUET) {
      TextColumn column = TextColumn.of(file.path(), options.textField());
      List<FileSplit> fileSplits = hashed(file, rowGroups(column, target, max), file.length());
      return limited(fileSplits, column.rows(), max);
    }
    // Of a compressed file no byte but the first can be read without those before it.
    if (file.compression() != Compression.NONE) {
      List<FileSplit> fileSplits = hashed(file, List.of(new Cut(0, 0)), file.length());
      if (max == FileSplit.ALL) {
        return new Taken(fileSplits, 0);
      }
      DocumentCounter.Count counted = DocumentCounter.count(fileSplits.get(0), options, max);
      return counted.documents() <= max
          ? new Taken(fileSplits, counted.documents())
          : new Taken(List.of(fileSplits.get(0).first(counted.end())), max);
    }
    if (file.length() <= target && max == FileSplit.ALL) {
      return new Taken(hashed(file, List.of(new Cut(0, 0)), file.length()), 0);
    }
    return cut(file, options, target, max);
  }

  /** Returns the splits; the last gets a limit if it has more documents than are taken. */
  private static Taken limited(List<FileSplit> fileSplits, long documents, long max) {
    if (max == FileSplit.ALL) {
      return new Taken(fileSplits, 0);
    }
    if (documents <= max) {
      return new Taken(fileSplits, documents);
    }
    List<FileSplit> limited = new ArrayList<>(fileSplits);
    FileSplit last = limited.remove(limited.size() - 1);
    limited.add(last.first(max - last.firstDocument()));
    return new Taken(limited, max);
  }

  private static List<FileSplit> hashed(CorpusFile file, List<Cut> cuts, long fileEnd) {
    List<FileSplit> fileSplits = new ArrayList<>();
    byte[] buffer = new byte[(int) Math.min(BUFFER, file.length())];
    try (InputStream in = Files.newInputStream(file.path())) {
      for (int i = 0; i < cuts.size(); i++) {
        Cut cut = cuts.get(i);
        long end = i + 1 < cuts.size() ? cuts.get(i + 1).offset() : fileEnd;
        long length = end - cut.offset();
        fileSplits.add(
            new FileSplit(
                file.format(),
                file.compression(),
                file.path().toString(),
                file.name(),
                cut.offset(),
                length,
                cut.document(),
                FileSplit.ALL,
                sha256(file, in, length, buffer)));
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return fileSplits;
  }

  /** Returns cuts at row groups, whose places the footer holds; none if there are no rows. */
  private static List<Cut> rowGroups(TextColumn column, long target, long max) {
    List<Cut> cuts = new ArrayList<>();
    for (TextColumn.Group group : column.groups()) {
      if (cuts.isEmpty()) {
        // With what lies before it, so that the pieces hold every byte of the file.
        cuts.add(new Cut(0, 0));
      } else if (group.start() >= cuts.get(cuts.size() - 1).offset() + target
          && group.firstRow() < max) {
        cuts.add(new Cut(group.start(), group.firstRow()));
      }
    }
    return cuts;
  }

  private static Taken cut(CorpusFile file, CorpusOptions options, long target, long max) {
    DocumentCounter counter = new DocumentCounter(file.format(), options);
    List<Cut> cuts = new ArrayList<>();
    byte[] buffer = new byte[BUFFER];
    long base = 0;
    long next = 0;
    long mark = 0;
    try (InputStream in = Files.newInputStream(file.path())) {
      int count;
      // What was added to the file since it was listed is not part of the corpus.
      while (base < file.length() && (count = in.readNBytes(buffer, 0, BUFFER)) > 0) {
        if (base == 0 && file.format().isText() && ByteOrderMark.starts(buffer, count)) {
          mark = ByteOrderMark.LENGTH; // It is no document, and lies in the first one's piece.
        }
        for (int i = 0; i < Math.min(count, file.length() - base); i++) {
          if (base + i < mark) {
            continue;
          }
          long document = counter.started();
          boolean enough = counter.documents() == max;
          if (counter.at(buffer[i])) {
            if (enough) {
              return new Taken(hashed(file, cuts, base + i), max);
            }
            if (base + i >= next) {
              cuts.add(new Cut(cuts.isEmpty() ? 0 : base + i, document));
              next = base + i + target;
            }
          }
        }
        base += count;
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return new Taken(
        hashed(file, cuts, file.length()), max == FileSplit.ALL ? 0 : counter.documents());
  }

  private static String sha256(CorpusFile file, InputStream in, long length, byte[] buffer)
      throws IOException {
    Hasher hasher = Hashing.sha256().newHasher();
    for (long left = length; left > 0; ) {
      int count = in.readNBytes(buffer, 0, (int) Math.min(left, buffer.length));
      if (count == 0) {
        throw DataException.of(
            "%s became shorter than %d bytes while it was read; run again when nothing writes it",
            file.path(), file.length());
      }
      hasher.putBytes(buffer, 0, count);
      left -= count;
    }
    return hasher.hash().toString();
  }

  private static void checkMayBeEmpty(CorpusFile file) {
    if (!file.mayBeEmpty()) {
      throw DataException.of(
          "%s: 0 bytes are no %s file, not even an empty one; get the whole file",
          file.path(),
          (file.format() == CorpusFormat.PARQUET ? file.format() : file.compression())
              .name()
              .toLowerCase(Locale.ROOT));
    }
  }

  private static DataException unreadable(CorpusFile file, IOException e) {
    return new DataException(file.path() + " cannot be read: " + e.getMessage(), e);
  }
}
