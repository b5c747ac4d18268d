package dev.stillhouse.pipeline.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.hash.Hashing;
import dev.stillhouse.storage.tokens.SegmentSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/** Small corpora on disk, and what is read of them. */
public final class Corpora {
  static final CorpusOptions OPTIONS = CorpusOptions.defaults(null);
  static final CorpusOptions PARAGRAPHS = new CorpusOptions("text", true, 2, null);

  private Corpora() {}

  /** A document as it was read; tokens of text documents are empty. */
  record Document(SegmentSource source, String text, List<Integer> tokens) {}

  /** Content hashes of a plan's corpus splits: what a corpus's identity is made of. */
  static List<String> hashes(CorpusPlan plan) {
    return plan.splits().stream().map(CorpusSplit::contentHash).toList();
  }

  public static Path write(Path directory, String name, String text) {
    return write(directory, name, text.getBytes(UTF_8));
  }

  public static Path write(Path directory, String name, byte[] bytes) {
    Path file = directory.resolve(name);
    try {
      Files.createDirectories(file.resolveSibling("."));
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] uint16(int... ids) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int id : ids) {
      bytes.putShort((short) id);
    }
    return bytes.array();
  }

  static byte[] uint32(int... ids) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(ids);
    return bytes.array();
  }

  /** A whole file as one piece. */
  static FileSplit fileSplit(Path file) {
    String name = String.valueOf(file.getFileName());
    byte[] bytes = bytes(file);
    return new FileSplit(
        CorpusFormat.of(name).orElseThrow(),
        Compression.of(name),
        file.toString(),
        name,
        0,
        bytes.length,
        0,
        FileSplit.ALL,
        Hashing.sha256().hashBytes(bytes).toString());
  }

  public static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The message of the error that a call must throw. */
  public static String failure(Class<? extends Throwable> type, Executable call) {
    return String.valueOf(assertThrows(type, call).getMessage());
  }

  public static List<Document> read(FileSplit fileSplit, CorpusOptions options) {
    return read(fileSplit, DocumentReader.of(fileSplit.format(), options, 50257));
  }

  public static List<Document> read(CorpusPlan plan, CorpusOptions options) {
    return plan.splits().stream()
        .flatMap(split -> split.fileSplits().stream())
        .flatMap(fileSplit -> read(fileSplit, options).stream())
        .toList();
  }

  public static List<Document> read(FileSplit fileSplit, DocumentReader reader) {
    List<Document> documents = new ArrayList<>();
    reader.read(
        fileSplit,
        new DocumentSink() {
          private @Nullable SegmentSource source;
          private StringBuilder text = new StringBuilder();
          private List<Integer> tokens = new ArrayList<>();

          @Override
          public void start(SegmentSource next) {
            source = next;
            text = new StringBuilder();
            tokens = new ArrayList<>();
          }

          @Override
          public void text(CharSequence chunk) {
            text.append(chunk);
          }

          @Override
          public void tokens(int[] ids, int count) {
            for (int i = 0; i < count; i++) {
              tokens.add(ids[i]);
            }
          }

          @Override
          public void end() {
            if (source == null) {
              throw new AssertionError("a document ends that did not start");
            }
            documents.add(new Document(source, text.toString(), tokens));
            source = null;
          }
        });
    return documents;
  }
}
