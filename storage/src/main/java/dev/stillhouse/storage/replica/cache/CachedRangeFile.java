package dev.stillhouse.storage.replica.cache;

import dev.stillhouse.storage.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file that holds a cached range, as its name says. */
record CachedRangeFile(Path path, ByteRange range, int crc32c) {
  private static final Logger LOG = LoggerFactory.getLogger(CachedRangeFile.class);
  private static final Pattern NAME =
      Pattern.compile("([0-9a-f]{1,15})-([0-7]?[0-9a-f]{1,7})-([0-9a-f]{8})");

  /** Min seconds between two updates of a file's time of use. */
  private static final long STAMP_SECONDS = 10;

  /** Returns the name of a cached range's file. */
  static String name(CachedRange cachedRange) {
    return String.format(
        Locale.ROOT,
        "%x-%x-%08x",
        cachedRange.offset(),
        cachedRange.bytes().remaining(),
        CacheDirectory.crc32c(cachedRange.bytes()));
  }

  /** Returns whether a file holds a cached range, by its name. */
  static boolean is(Path path) {
    return NAME.matcher(path.getFileName().toString()).matches();
  }

  /**
   * Returns the files of cached ranges in a blob's directory. Files with other names are ignored.
   */
  static List<CachedRangeFile> in(Path directory) {
    List<CachedRangeFile> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path path : all) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (name.matches()) {
          long offset = Long.parseLong(name.group(1), 16);
          int length = Integer.parseInt(name.group(2), 16);
          int crc = Integer.parseUnsignedInt(name.group(3), 16);
          files.add(new CachedRangeFile(path, new ByteRange(offset, length), crc));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of(); // Nothing of this blob is here.
    } catch (IOException e) {
      LOG.warn("the cache's directory {} cannot be read ({})", directory, e.toString());
    }
    return files;
  }

  boolean touches(ByteRange other) {
    return range.offset() < other.end() && range.end() > other.offset();
  }

  /** Returns the cached range; empty if the file has gone or does not match its name. */
  Optional<CachedRange> read() {
    try {
      if (Files.size(path) == range.length()) { // Before anything is allocated.
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
        if (bytes.remaining() == range.length() && CacheDirectory.crc32c(bytes) == crc32c) {
          stamp();
          return Optional.of(new CachedRange(range.offset(), bytes));
        }
      }
      LOG.warn("{} in the cache is not as it was written; it is fetched again", path);
      remove();
    } catch (NoSuchFileException e) {
      return Optional.empty(); // Another process made room.
    } catch (IOException e) {
      LOG.warn("{} in the cache cannot be read ({})", path, e.toString());
    }
    return Optional.empty();
  }

  private void stamp() throws IOException {
    Instant now = Instant.now();
    if (Files.getLastModifiedTime(path).toInstant().plusSeconds(STAMP_SECONDS).isBefore(now)) {
      Files.setLastModifiedTime(path, FileTime.from(now));
    }
  }

  void remove() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.warn("{} in the cache cannot be removed ({})", path, e.toString());
    }
  }
}
