package dev.stillhouse.cli;

import dev.stillhouse.storage.parquet.RowFileWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Real text for tests: parts of Moby-Dick. */
public final class TestTexts {
  private static final Path WHOLE = Path.of("../../testdata/moby-dick/moby-dick.txt");

  private TestTexts() {}

  /** Writes the first {@code bytes} of the book, or a few less so as to end with a whole line. */
  public static Path text(Path file, int bytes) throws IOException {
    byte[] book = Files.readAllBytes(WHOLE);
    int end = bytes;
    while (book[end - 1] != '\n') {
      end--;
    }
    return Files.write(file, Arrays.copyOf(book, end));
  }

  public static Path write(Path file, String text) throws IOException {
    return Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A Parquet file with one column, "text". */
  public static Path parquet(Path file, List<String> texts) throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType("message m { required binary text (STRING); }");
    RowFileWriter.Shape shape = new RowFileWriter.Shape(schema, Map.of(), 100, Set.of());
    try (RowFileWriter<List<String>> writer =
        new RowFileWriter<>(
            file,
            shape,
            (rows, row, to) -> {
              to.startField("text", 0);
              to.addBinary(Binary.fromString(rows.get(row)));
              to.endField("text", 0);
            })) {
      for (int row = 0; row < texts.size(); row++) {
        writer.write(texts, row);
      }
    }
    return file;
  }
}
