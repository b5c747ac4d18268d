package dev.stillhouse.pipeline.teacher.kld;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiFunction;

/** Writes a file as llama-perplexity does: log-probs in 16 bits, 16 nats below the best at most. */
public final class KldWriter {
  private KldWriter() {}

  /**
   * Writes a file.
   *
   * @param tokens of each chunk
   * @param rows log-probs behind a position of a chunk
   */
  public static Path write(
      Path file, int vocabulary, int[][] tokens, BiFunction<int[], Integer, float[]> rows)
      throws IOException {
    int length = tokens[0].length;
    int records = tokens.length * (length - 1 - length / 2);
    int width = vocabulary + (vocabulary & 1);
    ByteBuffer out =
        ByteBuffer.allocate(20 + 4 * tokens.length * length + records * (8 + 2 * width))
            .order(ByteOrder.LITTLE_ENDIAN);
    out.put("_logits_".getBytes(ISO_8859_1)).putInt(length).putInt(vocabulary);
    out.putInt(tokens.length);
    for (int[] chunk : tokens) {
      for (int token : chunk) {
        out.putInt(token);
      }
    }
    for (int[] chunk : tokens) {
      for (int position = length / 2; position < length - 1; position++) {
        row(out, rows.apply(chunk, position), width);
      }
    }
    return Files.write(file, out.array());
  }

  private static void row(ByteBuffer out, float[] logProbs, int width) {
    float best = Float.NEGATIVE_INFINITY;
    float least = Float.POSITIVE_INFINITY;
    for (float value : logProbs) {
      best = Math.max(best, value);
      least = Math.min(least, value);
    }
    float floor = Math.max(least, best - 16);
    float scale = (best - floor) / 65535;
    out.putFloat(scale).putFloat(floor);
    for (int id = 0; id < width; id++) {
      float above = id < logProbs.length ? Math.max(floor, logProbs[id]) - floor : 7;
      out.putShort((short) (int) (scale == 0 ? 0 : above / scale + 0.5f));
    }
  }
}
