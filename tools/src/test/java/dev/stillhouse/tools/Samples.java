package dev.stillhouse.tools;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Real text for tests: parts of Moby-Dick. */
final class Samples {
  private static final Path WHOLE = Path.of("../testdata/moby-dick/moby-dick.txt");

  private Samples() {}

  /** Writes the first {@code bytes} of the book, or a few less so as to end with a whole line. */
  static Path text(Path file, int bytes) throws IOException {
    byte[] book = Files.readAllBytes(WHOLE);
    int end = bytes;
    while (book[end - 1] != '\n') {
      end--;
    }
    return Files.write(file, Arrays.copyOf(book, end));
  }

  static Path write(Path file, String text) throws IOException {
    return Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
