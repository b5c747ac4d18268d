package dev.stillhouse.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Small datasets of real text, and what tests do with their files. */
final class TestDatasets {
  private TestDatasets() {}

  /** Extracts a corpus into several shards: 16 entries, sequences of 128, with {@code --json}. */
  static Command columns(Path corpus, Path out) {
    return Command.line(
        "extract --json --corpus %s --out %s --statistic top-k:16 --sequence-length 128"
            + " --shard-sequences 8",
        corpus, out);
  }

  /** Extracts a corpus into many shards that are as small as can be, with more options. */
  static Command small(Path corpus, Object out, Object... options) {
    List<Object> words = new ArrayList<>(List.of("extract", "--corpus", corpus, "--out", out));
    words.addAll(List.of("--statistic", "top-k:4", "--sequence-length", 64));
    words.addAll(List.of("--shard-sequences", 8));
    words.addAll(List.of(options));
    return Command.run(words.toArray());
  }

  /** Returns all files below a folder, by name. */
  static List<Path> files(Path below) throws IOException {
    try (Stream<Path> found = Files.walk(below)) {
      return found.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Returns the first file of a folder. */
  static Path anyFile(Path directory) throws IOException {
    return files(directory).get(0);
  }

  /** Copies a folder and all below it. */
  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  /** Changes one bit of a file. */
  static void flip(Path file, long at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= 1;
    Files.write(file, bytes);
  }

  /** Changes one bit in the middle of a file. */
  static void flip(Path file) throws IOException {
    flip(file, Files.size(file) / 2);
  }
}
