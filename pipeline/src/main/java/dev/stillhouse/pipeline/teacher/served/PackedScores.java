package dev.stillhouse.pipeline.teacher.served;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.stillhouse.pipeline.teacher.logits.NpyHeader;
import dev.stillhouse.storage.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Numbers that servers send as base64: RFC 4648, little-endian. */
final class PackedScores {
  private PackedScores() {}

  private static ByteBuffer decode(String what, byte[] base64) {
    try {
      return ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IllegalArgumentException e) {
      throw new DataException(what + " is no base64: " + e.getMessage(), e);
    }
  }

  /** Returns float32 values. */
  static float[] floats(String what, byte[] base64, byte[] dtype) {
    ByteBuffer bytes = decode(what, base64);
    check(what, bytes, dtype, "float32");
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  /** Returns int32 values. */
  static int[] ints(String what, byte[] base64, byte[] dtype) {
    ByteBuffer bytes = decode(what, base64);
    check(what, bytes, dtype, "int32");
    int[] values = new int[bytes.remaining() / Integer.BYTES];
    bytes.asIntBuffer().get(values);
    return values;
  }

  private static void check(String what, ByteBuffer bytes, byte[] dtype, String wanted) {
    String given = new String(dtype, US_ASCII);
    if (!given.equals(wanted)) {
      throw DataException.of("%s is of type '%s', need %s", what, given, wanted);
    }
    if (bytes.remaining() % 4 != 0) {
      throw DataException.of("%s has %d bytes, need whole numbers of 4", what, bytes.remaining());
    }
  }

  /**
   * Returns the log-probs of forced ids, {@code [tokens][ids]}, from vLLM's .npy of {@code [tokens
   * - 1][ids]}: row i is about token i + 1. Those of token 0 are NaN.
   */
  static float[] forced(String url, byte[] base64, int tokens, int ids) {
    if (base64.length == 0) {
      throw DataException.of(
          "%s: the answer has no log-probs of the forced ids (null): a hit in the server's prefix"
              + " cache passed them; start it with --no-enable-prefix-caching",
          url);
    }
    String what = url + ": the answer's prompt_token_id_logprobs";
    ByteBuffer npy = decode(what, base64);
    NpyHeader header = NpyHeader.parse(what, npy);
    if (!header.type().equals("<f4") || !header.shape().equals(List.of(tokens - 1L, (long) ids))) {
      throw DataException.of("%s: %s, need <f4 [%d, %d]", what, header, tokens - 1, ids);
    }
    npy.position((int) header.dataOffset());
    if (npy.remaining() != (tokens - 1) * ids * Float.BYTES) {
      throw DataException.of("%s: %d bytes of values", what, npy.remaining());
    }
    float[] values = new float[tokens * ids];
    Arrays.fill(values, 0, ids, Float.NaN);
    npy.asFloatBuffer().get(values, ids, (tokens - 1) * ids);
    return values;
  }
}
