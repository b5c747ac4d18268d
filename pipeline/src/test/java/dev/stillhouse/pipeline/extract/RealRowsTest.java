package dev.stillhouse.pipeline.extract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import org.junit.jupiter.api.Test;

/** What teachers really say, extracted as the definition has it. */
class RealRowsTest {
  /** A counted model: few different values in a row, in long runs of ties. */
  @Test
  void ofACountedModel() throws IOException {
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
      check(teacher, new TokenBatch(0, 24, Arrays.copyOf(head, 24), new int[24]), 64);
    }
  }

  /** A trained Llama of 512 ids. */
  @Test
  void ofANeuralModel() {
    String data = System.getenv("STILLHOUSE_DATA");
    assumeTrue(data != null, "STILLHOUSE_DATA is not set: no trained model to read");
    String model = Path.of(String.valueOf(data), "stories260k", "model.onnx").toString();
    try (DenseTeacher teacher =
        (DenseTeacher) Teachers.named("onnx").open(model, Optional.empty())) {
      int[] tokens = new Random(1).ints(64, 3, 512).toArray();
      tokens[0] = 1; // its first token
      for (int k : new int[] {1, 50, 512}) {
        check(teacher, new TokenBatch(0, 64, tokens, new int[64]), k);
      }
    }
  }

  private static void check(DenseTeacher teacher, TokenBatch batch, int k) {
    float[] row = new float[teacher.vocabulary()];
    try (LogitsCursor cursor = teacher.read(batch)) {
      for (Logits block = cursor.next(); block != null; block = cursor.next()) {
        try (Logits lent = block) {
          for (int i = 0; i < lent.count(); i++) {
            lent.rows().get(i * row.length, row, row.length);
            FusedExtractorTest.check(row, k, batch.tokens()[lent.firstSlot() + i]);
          }
        }
      }
    }
  }
}
