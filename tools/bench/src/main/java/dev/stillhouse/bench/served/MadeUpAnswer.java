package dev.stillhouse.bench.served;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Locale;
import java.util.Random;

/**
 * Answers of the forms that servers give, with random log-probs of a distribution. Each row has the
 * same best ids, the largest of the vocabulary, and the prompt's own token.
 */
final class MadeUpAnswer {
  static final int VOCABULARY = 50_257;
  private static final int ROWS = 64; // different ones, in turn
  private static final double SMALLEST = 2.3e-5; // of an entry: the rest of the mass is the tail

  private final int k;
  private final String[] entries = new String[ROWS];
  private final float[][] logProbs = new float[ROWS][];

  MadeUpAnswer(int k) {
    this.k = k;
    Random random = new Random(1);
    for (int row = 0; row < ROWS; row++) {
      logProbs[row] = logProbs(random);
      StringBuilder text = new StringBuilder();
      for (int e = 0; e < k; e++) {
        text.append(
            String.format(
                Locale.ROOT,
                ",\"%d\":{\"logprob\":%s,\"rank\":%d,\"decoded_token\":\" tok%d\"}",
                VOCABULARY - 1 - e,
                (double) logProbs[row][e],
                e + 1,
                random.nextInt(1000)));
      }
      entries[row] = text.toString();
    }
  }

  private float[] logProbs(Random random) {
    double[] gaps = new double[k];
    double sum = 0;
    double at = 0;
    for (int e = 0; e < k; e++) {
      at += random.nextDouble() * 0.3;
      gaps[e] = at;
      sum += Math.exp(-at);
    }
    float[] row = new float[k];
    for (int e = 0; e < k; e++) {
      row[e] = (float) (-gaps[e] - Math.log(sum) + Math.log1p(-2 * SMALLEST));
    }
    return row;
  }

  /** Returns a prompt whose tokens are none of the best ids. */
  int[] prompt(int length, Random random) {
    return random.ints(length, 0, VOCABULARY - k).toArray();
  }

  /** Returns the answer of {@code /v1/completions}: k + 1 entries a row. */
  byte[] completions(int[] prompt) {
    StringBuilder all = new StringBuilder(prompt.length * 80 * k);
    all.append("{\"id\":\"cmpl-1\",\"choices\":[{\"index\":0,\"text\":\" I\",");
    all.append("\"prompt_logprobs\":[null");
    for (int row = 1; row < prompt.length; row++) {
      boolean best = prompt[row] >= VOCABULARY - k; // It stands among the others then.
      all.append(",{");
      if (!best) {
        all.append('"').append(prompt[row]);
        all.append("\":{\"logprob\":-10.68005084991455,\"rank\":2446,\"decoded_token\":\" x\"}");
      }
      all.append(entries[row % ROWS], best ? 1 : 0, entries[row % ROWS].length()).append('}');
    }
    return all.append("]}],\"usage\":{\"prompt_tokens\":")
        .append(prompt.length)
        .append("}}")
        .toString()
        .getBytes(UTF_8);
  }

  /** Returns the answer of SGLang's {@code /generate}, in base64. */
  byte[] generate(int[] prompt) {
    int rows = prompt.length - 1;
    ByteBuffer values = ByteBuffer.allocate(4 * rows * k).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer ids = ByteBuffer.allocate(4 * rows * k).order(ByteOrder.LITTLE_ENDIAN);
    StringBuilder all = new StringBuilder(rows * (30 + 11 * k));
    all.append("{\"text\":\"\",\"meta_info\":{\"prompt_tokens\":").append(prompt.length);
    all.append(",\"input_token_logprobs\":[[null,").append(prompt[0]).append(",null]");
    for (int row = 1; row <= rows; row++) {
      all.append(",[-10.68005084991455,").append(prompt[row]).append(",null]");
      for (int e = 0; e < k; e++) {
        values.putFloat(logProbs[row % ROWS][e]);
        ids.putInt(VOCABULARY - 1 - e);
      }
    }
    Base64.Encoder base64 = Base64.getEncoder();
    String field = "input_top_logprobs_";
    all.append("],\"").append(field).append("val_flat_b64\":\"");
    all.append(base64.encodeToString(values.array())).append("\",\"").append(field);
    all.append("idx_flat_b64\":\"").append(base64.encodeToString(ids.array())).append("\",\"");
    all.append(field).append("val_flat_b64_dtype\":\"float32\",\"").append(field);
    all.append("idx_flat_b64_dtype\":\"int32\",\"").append(field).append("shape\":[").append(rows);
    all.append(',').append(k).append("],\"").append(field).append("null_prefix\":1}}");
    return all.toString().getBytes(UTF_8);
  }
}
