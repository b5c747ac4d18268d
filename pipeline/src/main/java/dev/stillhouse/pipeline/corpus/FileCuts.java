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

  /** The pieces of a file, each at least {@code target} bytes but the last; none if it is empty. */
  static List<Piece> pieces(CorpusFile file, CorpusOptions options, long target) {
    if (file.length() == 0) {
      checkMayBeEmpty(file);
      return List.of();
    }
    // Of a compressed file no byte but the first can be read without those before it.
    if (file.format() == CorpusFormat.PARQUET) {
      return hashed(file, rowGroups(file, options, target));
    }
    boolean large = file.length() > target && file.compression() == Compression.NONE;
    return hashed(file, large ? cuts(file, options, target) : List.of(new Cut(0, 0)));
  }

  private static List<Piece> hashed(CorpusFile file, List<Cut> cuts) {
    List<Piece> pieces = new ArrayList<>();
    byte[] buffer = new byte[(int) Math.min(BUFFER, file.length())];
    try (InputStream in = Files.newInputStream(file.path())) {
      for (int i = 0; i < cuts.size(); i++) {
        Cut cut = cuts.get(i);
        long end = i + 1 < cuts.size() ? cuts.get(i + 1).offset() : file.length();
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
  private static List<Cut> rowGroups(CorpusFile file, CorpusOptions options, long target) {
    List<Cut> cuts = new ArrayList<>();
    for (TextColumn.Group group : TextColumn.of(file.path(), options.textField()).groups()) {
      if (cuts.isEmpty()) {
        // With what lies before it, so that the pieces hold every byte of the file.
        cuts.add(new Cut(0, 0));
      } else if (group.start() >= cuts.get(cuts.size() - 1).offset() + target) {
        cuts.add(new Cut(group.start(), group.firstRow()));
      }
    }
    return cuts;
  }

  private static List<Cut> cuts(CorpusFile file, CorpusOptions options, long target) {
    DocumentStarts starts = DocumentStarts.of(file.format(), options);
    List<Cut> cuts = new ArrayList<>();
    byte[] buffer = new byte[BUFFER];
    long base = 0;
    long document = 0;
    long next = 0;
    try (InputStream in = Files.newInputStream(file.path())) {
      int count;
      // What was added to the file since it was listed is not part of the corpus.
      while (base < file.length() && (count = in.readNBytes(buffer, 0, BUFFER)) > 0) {
        for (int i = 0; i < Math.min(count, file.length() - base); i++) {
          if (starts.at(buffer[i])) {
            if (base + i >= next) {
              cuts.add(new Cut(base + i, document));
              next = base + i + target;
            }
            document++;
          }
        }
        base += count;
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return cuts;
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
