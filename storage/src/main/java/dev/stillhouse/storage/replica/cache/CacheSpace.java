package dev.stillhouse.storage.replica.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Keeps a cache's directory below its limit, counting what all processes write into it. */
final class CacheSpace {
  private static final Duration OLD = Duration.ofHours(1);

  /**
   * Removal goes on until this share of the limit is in use, so that it is not needed at each
   * write.
   */
  private static final double KEPT = 0.9;

  /**
   * The directory is counted again after this share of the limit was written: so much may be too
   * much.
   */
  private static final long SHARE = 16;

  private final Path directory;
  private final long maxBytes;
  private long written;

  private record Used(Path path, long bytes, FileTime when) {}

  CacheSpace(Path directory, long maxBytes) {
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.written = maxBytes; // What others left is counted at the first write.
  }

  long maxBytes() {
    return maxBytes;
  }

  /** Removes what killed writers left. */
  void clean() throws IOException {
    Instant old = Instant.now().minus(OLD);
    for (Used file : files(directory.resolve("tmp"))) {
      if (file.when.toInstant().isBefore(old)) {
        Files.deleteIfExists(file.path);
      }
    }
  }

  /** Adds bytes that were written, and removes files if there are too many bytes. */
  synchronized void wrote(long more) throws IOException {
    written += more;
    if (written > maxBytes / SHARE) {
      written = 0;
      makeRoom();
    }
  }

  private void makeRoom() throws IOException {
    List<Used> all =
        new ArrayList<>(
            files(directory).stream().filter(file -> CachedRangeFile.is(file.path)).toList());
    long sum = all.stream().mapToLong(Used::bytes).sum();
    if (sum <= maxBytes) {
      return;
    }
    all.sort(Comparator.comparing(Used::when));
    for (Used file : all) {
      if (sum <= maxBytes * KEPT) {
        return;
      }
      Files.deleteIfExists(file.path);
      sum -= file.bytes;
    }
  }

  private static List<Used> files(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      List<Used> files = new ArrayList<>();
      for (Path path : (Iterable<Path>) walk::iterator) {
        used(path).ifPresent(files::add);
      }
      return files;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Optional<Used> used(Path path) throws IOException {
    try {
      BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
      return file.isRegularFile()
          ? Optional.of(new Used(path, file.size(), file.lastModifiedTime()))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty(); // Another process was faster.
    }
  }
}
