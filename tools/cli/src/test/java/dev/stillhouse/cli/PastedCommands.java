package dev.stillhouse.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs the commands of a file, a line each, one after another in this process and its working
 * directory; ends with the code of the first that fails. Words of a line are separated by tabs; the
 * first is a file that the command reads as standard input, or empty.
 */
final class PastedCommands {
  private PastedCommands() {}

  public static void main(String[] arguments) throws IOException {
    for (String line : Files.readAllLines(Path.of(arguments[0]))) {
      List<String> words = List.of(line.split("\t", -1));
      System.out.println("PASTED " + String.join(" ", words.subList(1, words.size())));
      InputStream before = System.in;
      int code;
      try (InputStream input =
          words.get(0).isEmpty()
              ? InputStream.nullInputStream()
              : new FileInputStream(words.get(0))) {
        System.setIn(input);
        code =
            Stillhouse.run(
                System.out, System.err, words.subList(1, words.size()).toArray(String[]::new));
      } finally {
        System.setIn(before);
      }
      System.out.flush();
      if (code != 0) {
        System.out.write(("FAILED with " + code + "\n").getBytes(StandardCharsets.UTF_8));
        System.exit(code);
      }
    }
  }
}
