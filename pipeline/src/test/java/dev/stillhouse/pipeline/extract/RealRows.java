package dev.stillhouse.pipeline.extract;

import com.google.common.io.ByteSource;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingType;
import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.TeacherProvider;
import dev.stillhouse.pipeline.teacher.Teachers;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What a teacher really says, row by row.
 *
 * @param rows logits, of slot after slot
 * @param tokens that were read
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier.
record RealRows(float[][] rows, int[] tokens) {

  /** Of the n-gram model of a book's beginning: few different values, in long runs of ties. */
  static RealRows counted(int count) throws IOException {
    String book = Files.readString(Path.of("../testdata/moby-dick/moby-dick.txt"));
    int[] tokens =
        Encodings.newDefaultEncodingRegistry()
            .getEncoding(EncodingType.R50K_BASE)
            .encodeOrdinary(book.substring(0, 20_000))
            .toArray();
    int[] head = Arrays.copyOf(tokens, 4096);
    TeacherProvider provider = Teachers.named("ngram");
    byte[] blob =
        provider
            .prepare("", List.of(new TokenBatch(0, 256, head, new int[head.length])), 50_257)
            .orElseThrow();
    try (DenseTeacher teacher =
        (DenseTeacher) provider.open("", Optional.of(ByteSource.wrap(blob)))) {
      return of(teacher, Arrays.copyOf(head, count));
    }
  }

  /** Of a trained Llama of 512 ids; empty where the environment names no data. */
  static Optional<RealRows> trained(int count) {
    String data = System.getenv("STILLHOUSE_DATA");
    if (data == null) {
      return Optional.empty();
    }
    String model = Path.of(data, "stories260k", "model.onnx").toString();
    try (DenseTeacher teacher =
        (DenseTeacher) Teachers.named("onnx").open(model, Optional.empty())) {
      int[] tokens = new Random(1).ints(count, 3, 512).toArray();
      tokens[0] = 1; // its first token
      return Optional.of(of(teacher, tokens));
    }
  }

  private static RealRows of(DenseTeacher teacher, int[] tokens) {
    float[][] rows = new float[tokens.length][teacher.vocabulary()];
    TokenBatch batch = new TokenBatch(0, tokens.length, tokens, new int[tokens.length]);
    try (LogitsCursor cursor = teacher.read(batch)) {
      for (Logits block = cursor.next(); block != null; block = cursor.next()) {
        try (Logits lent = block) {
          for (int i = 0; i < lent.count(); i++) {
            float[] row = rows[lent.firstSlot() + i];
            lent.rows().get(i * row.length, row, row.length);
          }
        }
      }
    }
    return new RealRows(rows, tokens);
  }
}
