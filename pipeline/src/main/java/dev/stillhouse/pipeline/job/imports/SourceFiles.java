package dev.stillhouse.pipeline.job.imports;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.stillhouse.pipeline.LocalPath;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.pipeline.formats.ImportFormat;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** The files of a source, in their order: as they are named, those of a folder by their names. */
final class SourceFiles {
  private static final int BUFFER = 1 << 16;

  /** A file that was found. */
  private record Found(Path path, String name, long bytes) {}

  private final List<Found> found = new ArrayList<>();

  /**
   * Finds the files.
   *
   * @throws UsageException for a path that is none
   * @throws DataException for a folder without files of the format
   */
  SourceFiles(ImportFormat format, List<String> paths) {
    if (paths.isEmpty()) {
      throw UsageException.of("name the files or folders of format %s", format.name());
    }
    for (String text : paths) {
      Path path = LocalPath.of("import", text);
      if (Files.isDirectory(path)) {
        folder(format, path);
      } else if (Files.isRegularFile(path)) {
        add(path, String.valueOf(path.getFileName()));
      } else {
        throw UsageException.of("%s: there is no such file or folder", path);
      }
    }
  }

  private void folder(ImportFormat format, Path folder) {
    try (Stream<Path> walk = Files.walk(folder)) {
      List<Path> files =
          walk.filter(Files::isRegularFile)
              .filter(file -> format.suffixes().stream().anyMatch(file.toString()::endsWith))
              .sorted(SourceFiles::byNumbers)
              .toList();
      if (files.isEmpty()) {
        throw DataException.of(
            "%s: no file there ends with one of %s, as format %s needs",
            folder, format.suffixes(), format.name());
      }
      files.forEach(file -> add(file, folder.relativize(file).toString()));
    } catch (IOException e) {
      throw new DataException(folder + " cannot be read: " + e, e);
    }
  }

  /** Compares names as people number them: data_9 before data_10. */
  private static int byNumbers(Path one, Path two) {
    int order = padded(one).compareTo(padded(two));
    return order != 0 ? order : one.compareTo(two);
  }

  private static String padded(Path path) {
    return java.util.regex.Pattern.compile("[0-9]+")
        .matcher(path.toString())
        .replaceAll(
            digits -> "0".repeat(Math.max(0, 20 - digits.group().length())) + digits.group());
  }

  private void add(Path path, String name) {
    try {
      found.add(new Found(path, name, Files.size(path)));
    } catch (IOException e) {
      throw new DataException(path + " cannot be read: " + e, e);
    }
  }

  /** Returns the bytes of all. */
  long bytes() {
    return found.stream().mapToLong(Found::bytes).sum();
  }

  /**
   * Hashes all.
   *
   * @param hashed receives numbers of bytes that are hashed
   * @param read receives numbers of bytes that are read later
   */
  ImmutableList<ImportFile> hash(LongConsumer hashed, LongConsumer read) {
    ImmutableList.Builder<ImportFile> files = ImmutableList.builder();
    for (Found file : found) {
      ImportFile unhashed = new ImportFile(file.path(), file.name(), file.bytes(), "", hashed);
      Hasher sha256 = Hashing.sha256().newHasher();
      byte[] buffer = new byte[BUFFER];
      try (InputStream in = unhashed.open()) {
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          sha256.putBytes(buffer, 0, count);
        }
      } catch (IOException e) {
        throw unhashed.unreadable(e);
      }
      files.add(
          new ImportFile(file.path(), file.name(), file.bytes(), sha256.hash().toString(), read));
    }
    return files.build();
  }
}
