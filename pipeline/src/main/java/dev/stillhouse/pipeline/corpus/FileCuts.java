package dev.stillhouse.pipeline.corpus;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.stillhouse.pipeline.corpus.parquet.TextColumn;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts one file into pieces at document starts, and hashes them. */
final class FileCuts {
  private static final int BUFFER = 1 << 20;

  /** A place to cut: the byte offset, and the number of the document that starts there. */
  private record Cut(long offset, long document) {}

  private FileCuts() {}

  /**
   * What is taken of a file.
   *
   * @param documents how many the pieces hold; 0 if there is no limit, as then nobody counts
   */
  record Taken(List<Piece> pieces, long documents) {
    private static final Taken NOTHING = new Taken(List.of(), 0);
  }

  /**
   * The pieces of a file, each at least {@code target} bytes but the last; none if it is empty.
   *
   * @param most documents to take; {@link Piece#ALL} for all
   */
  static Taken take(CorpusFile file, CorpusOptions options, long target, long most) {
    if (file.length() == 0) {
      checkMayBeEmpty(file);
      return Taken.NOTHING;
    }
    if (file.format() == CorpusFormat.PARQUET) {
      TextColumn column = TextColumn.of(file.path(), options.textField());
      List<Piece> pieces = hashed(file, rowGroups(column, target, most), file.length());
      return limited(pieces, column.rows(), most);
    }
    // Of a compressed file no byte but the first can be read without those before it.
    if (file.compression() != Compression.NONE) {
      List<Piece> pieces = hashed(file, List.of(new Cut(0, 0)), file.length());
      if (most == Piece.ALL) {
        return new Taken(pieces, 0);
      }
      DocumentCounter.Count counted = DocumentCounter.count(pieces.get(0), options, most);
      return counted.documents() <= most
          ? new Taken(pieces, counted.documents())
          : new Taken(List.of(pieces.get(0).first(counted.end())), most);
    }
    if (file.length() <= target && most == Piece.ALL) {
      return new Taken(hashed(file, List.of(new Cut(0, 0)), file.length()), 0);
    }
    return cut(file, options, target, most);
  }

  /** The last piece with its limit, where it has more documents than are taken. */
  private static Taken limited(List<Piece> pieces, long documents, long most) {
    if (most == Piece.ALL) {
      return new Taken(pieces, 0);
    }
    if (documents <= most) {
      return new Taken(pieces, documents);
    }
    List<Piece> limited = new ArrayList<>(pieces);
    Piece last = limited.remove(limited.size() - 1);
    limited.add(last.first(most - last.firstDocument()));
    return new Taken(limited, most);
  }

  private static List<Piece> hashed(CorpusFile file, List<Cut> cuts, long fileEnd) {
    List<Piece> pieces = new ArrayList<>();
    byte[] buffer = new byte[(int) Math.min(BUFFER, file.length())];
    try (InputStream in = Files.newInputStream(file.path())) {
      for (int i = 0; i < cuts.size(); i++) {
        Cut cut = cuts.get(i);
        long end = i + 1 < cuts.size() ? cuts.get(i + 1).offset() : fileEnd;
        long length = end - cut.offset();
        pieces.add(
            new Piece(
                file.format(),
                file.compression(),
                file.path().toString(),
                file.name(),
                cut.offset(),
                length,
                cut.document(),
                Piece.ALL,
                sha256(file, in, length, buffer)));
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return pieces;
  }

  /** Cuts where row groups start, whose places the footer tells; none without rows. */
  private static List<Cut> rowGroups(TextColumn column, long target, long most) {
    List<Cut> cuts = new ArrayList<>();
    for (TextColumn.Group group : column.groups()) {
      if (cuts.isEmpty()) {
        // With what lies before it, so that the pieces hold every byte of the file.
        cuts.add(new Cut(0, 0));
      } else if (group.start() >= cuts.get(cuts.size() - 1).offset() + target
          && group.firstRow() < most) {
        cuts.add(new Cut(group.start(), group.firstRow()));
      }
    }
    return cuts;
  }

  private static Taken cut(CorpusFile file, CorpusOptions options, long target, long most) {
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
          boolean enough = counter.documents() == most;
          if (counter.at(buffer[i])) {
            if (enough) {
              return new Taken(hashed(file, cuts, base + i), most);
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
        hashed(file, cuts, file.length()), most == Piece.ALL ? 0 : counter.documents());
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
