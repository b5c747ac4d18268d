package dev.stillhouse.pipeline.extract;

import dev.stillhouse.pipeline.teacher.LogitBuffer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/** Every bit of the statistics of some rows in one number: the same wherever it is formed. */
final class ArithmeticDigest {
  private ArithmeticDigest() {}

  /** Prints the digest: what a JVM with other flags does is asked for from outside. */
  public static void main(String[] args) throws NoSuchAlgorithmException {
    Lanes lanes = Extractors.vector() ? Extractors.vectorLanes() : new PlainLanes();
    System.out.println(lanes + " " + of(lanes));
  }

  static String of(Lanes lanes) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    Random random = new Random(7);
    for (Rows.Kind kind : Rows.Kind.values()) {
      for (int length : new int[] {300, 2048, 9001, 50_257}) {
        float[] row = Rows.row(kind, length, random, 0, random.nextInt(2) * 0.3);
        short[] narrow = new short[length];
        for (int i = 0; i < length; i++) {
          narrow[i] = (short) (Float.floatToRawIntBits(row[i]) >>> 16);
        }
        FusedExtractor extractor = new FusedExtractor(length, 64, lanes);
        RowStatistic one = new RowStatistic(64);
        extractor.extract(LogitBuffer.float32(row), 0, 5, one);
        digest.update(bytes(one));
        extractor.extract(LogitBuffer.bfloat16(narrow), 0, 5, one);
        digest.update(bytes(one));
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  private static ByteBuffer bytes(RowStatistic one) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * one.count + 4 * 5).putInt(one.count);
    for (int j = 0; j < one.count; j++) {
      bytes.putInt(one.ids[j]).putFloat(one.logProbs[j]);
    }
    return bytes
        .putFloat(one.logTail)
        .putFloat(one.entropy)
        .putFloat(one.logNormaliser)
        .putFloat(one.targetLogProb)
        .flip();
  }
}
