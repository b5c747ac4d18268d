package dev.stillhouse.storage.layout.planes;

/** Joins planes in plain Java, on any JVM. No compiler of 17 to 25 makes vectors of these loops. */
final class PlainBytePairs implements BytePairs {
  @Override
  public void ids(byte[] low, int lowAt, byte[] high, int highAt, int[] ids, int at, int n) {
    for (int i = 0; i < n; i++) {
      ids[at + i] = (high[highAt + i] & 0xff) << 8 | (low[lowAt + i] & 0xff);
    }
  }

  @Override
  public void logProbs(
      byte[] low, int lowAt, byte[] high, int highAt, float[] values, int at, int n) {
    for (int i = 0; i < n; i++) {
      values[at + i] = LogProbCode.value(high[highAt + i] & 0xff, low[lowAt + i] & 0xff);
    }
  }
}
