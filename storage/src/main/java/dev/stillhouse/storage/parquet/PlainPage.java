package dev.stillhouse.storage.parquet;

/**
 * The plain bytes of a page, lent until the next page is opened in the same place.
 *
 * @param array holds them among others
 * @param from where they start
 * @param length number of bytes
 */
@SuppressWarnings("ArrayRecordComponent") // A view: never compared, never a key.
public record PlainPage(byte[] array, int from, int length) {
  /** Returns the byte {@code i} as 0 to 255. */
  public int at(int i) {
    return array[from + i] & 0xff;
  }
}
