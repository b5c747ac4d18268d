package dev.stillhouse.pipeline.teacher.kld;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of llama.cpp with full distributions (build 11434; little-endian, no padding, no
 * checksum):
 *
 * <pre>
 * "_logits_"                              8 bytes
 * int32  C                                tokens of a chunk, as -c said
 * int32  V                                vocabulary
 * int32  chunks
 * int32  tokens[chunks * C]
 * record, chunks * (C - 1 - C/2) times:   chunk by chunk
 *   float32 scale
 *   float32 floor                         log-prob of u = 0
 *   uint16  u[V, one more if V is odd]    log-prob = floor + scale * u
 * </pre>
 *
 * <p>Record r of a chunk is about the token behind position C/2 + r of the same chunk. The
 * positions before and the last have none. Chunks are mapped as they are read, so a file may be
 * larger than memory; it must not change meanwhile.
 */
public final class KldFile implements AutoCloseable {
  private static final byte[] MAGIC = "_logits_".getBytes(ISO_8859_1);
  private static final int HEADER = 20;
  private static final int RECORD_HEADER = 8;
  private static final int MAX_VOCABULARY = 1 << 22;
  private static final int MAX_CHUNK = 1 << 22;

  private final Path path;
  private final FileChannel channel;
  private final int chunkTokens;
  private final int vocabulary;
  private final int chunks;

  /**
   * Opens a file and checks its header against its length.
   *
   * @throws DataException if it is of another kind, or was not written to its end
   */
  public KldFile(Path path) {
    this.path = path;
    if (!Files.isRegularFile(path)) {
      throw DataException.of("kld: there is no file '%s'", path);
    }
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    } catch (IOException e) {
      throw new DataException(path + " cannot be read: " + e.getMessage(), e);
    }
    try {
      ByteBuffer header = header();
      chunkTokens = header.getInt();
      vocabulary = header.getInt();
      chunks = header.getInt();
      checkCounts();
      checkLength();
    } catch (IOException e) {
      close();
      throw new DataException(path + " cannot be read: " + e.getMessage(), e);
    } catch (DataException e) {
      close();
      throw e;
    }
  }

  private ByteBuffer header() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    int read;
    do {
      read = channel.read(header);
    } while (read >= 0 && header.hasRemaining());
    byte[] magic = new byte[MAGIC.length];
    if (header.hasRemaining()) {
      throw DataException.of(
          "%s: has %d bytes, too few for a file of llama-perplexity --kl-divergence-base",
          path, header.position());
    }
    header.flip().get(magic);
    if (!java.util.Arrays.equals(magic, MAGIC)) {
      throw DataException.of(
          "%s: begins with '%s', need '_logits_': it is not what llama-perplexity"
              + " --kl-divergence-base writes, or of another version",
          path, new String(magic, ISO_8859_1).replaceAll("[^ -~]", "?"));
    }
    return header;
  }

  private void checkCounts() {
    count("tokens of a chunk", 8, chunkTokens, 4, MAX_CHUNK);
    count("ids of the vocabulary", 12, vocabulary, 2, MAX_VOCABULARY);
    count("chunks", 16, chunks, 1, Integer.MAX_VALUE);
    if ((long) chunks * chunkTokens > Integer.MAX_VALUE) {
      throw DataException.of(
          "%s: %d chunks of %d tokens, need at most %d tokens; write several files",
          path, chunks, chunkTokens, Integer.MAX_VALUE);
    }
  }

  private void count(String what, int offset, int value, int min, int max) {
    if (value < min || value > max) {
      throw DataException.of(
          "%s: offset %d: %d %s, need %d to %d", path, offset, value, what, min, max);
    }
  }

  private void checkLength() throws IOException {
    long need = firstRecord() + (long) chunks * rowsOfChunk() * recordBytes();
    long size = channel.size();
    if (size < need) {
      long whole = Math.max(0, (size - firstRecord()) / recordBytes());
      throw DataException.of(
          "%s: has %d bytes of %d: %d records of %d are whole; it was cut off, or is still being"
              + " written: run llama-perplexity to its end, with --chunks for less text",
          path, size, need, whole, (long) chunks * rowsOfChunk());
    }
    if (size > need) {
      throw DataException.of(
          "%s: has %d bytes, its header needs %d; it is of another version", path, size, need);
    }
  }

  private long firstRecord() {
    return HEADER + 4L * chunks * chunkTokens;
  }

  private long recordBytes() {
    return RECORD_HEADER + 2L * (vocabulary + (vocabulary & 1));
  }

  Path path() {
    return path;
  }

  /** Returns the number of tokens of a chunk (C): a sequence of the dataset. */
  public int chunkTokens() {
    return chunkTokens;
  }

  /** Returns the number of ids (V). */
  public int vocabulary() {
    return vocabulary;
  }

  /** Returns the number of chunks. */
  public int chunks() {
    return chunks;
  }

  /** Returns the number of rows of a chunk. */
  public int rowsOfChunk() {
    return chunkTokens - 1 - firstPosition();
  }

  /** Returns the first position of a chunk that has a row. */
  public int firstPosition() {
    return chunkTokens / 2;
  }

  /**
   * Returns the tokens of a chunk.
   *
   * @throws DataException if an id is outside of the vocabulary
   */
  public int[] tokens(int chunk) {
    int[] tokens = new int[chunkTokens];
    IntBuffer from = map(HEADER + 4L * chunk * chunkTokens, 4L * chunkTokens).asIntBuffer();
    from.get(tokens);
    for (int position = 0; position < chunkTokens; position++) {
      if (tokens[position] < 0 || tokens[position] >= vocabulary) {
        throw DataException.of(
            "%s: chunk %d, position %d: token id %d is outside the vocabulary of %d",
            path, chunk, position, tokens[position], vocabulary);
      }
    }
    return tokens;
  }

  /** Maps consecutive records of a chunk. */
  ByteBuffer records(int chunk, int first, int count) {
    long record = (long) chunk * rowsOfChunk() + first;
    return map(firstRecord() + record * recordBytes(), count * recordBytes());
  }

  /**
   * Unpacks a record to log-probs.
   *
   * @param records from {@link #records}
   * @param row of them
   * @param scratch of V values
   * @throws DataException if its scale or floor is not one
   */
  void unpack(ByteBuffer records, int row, short[] scratch, float[] into) {
    int at = (int) (row * recordBytes());
    float scale = records.getFloat(at);
    float floor = records.getFloat(at + 4);
    if (!(scale >= 0 && scale < Float.POSITIVE_INFINITY) || !(floor <= 0 && floor > -1e6f)) {
      throw DataException.of(
          "%s: a record has scale %s and floor %s, need 0 or more, and a log-prob; it is damaged",
          path, scale, floor);
    }
    records
        .slice(at + RECORD_HEADER, 2 * vocabulary)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asShortBuffer()
        .get(scratch, 0, vocabulary);
    for (int id = 0; id < vocabulary; id++) {
      into[id] = floor + scale * (scratch[id] & 0xFFFF);
    }
  }

  private ByteBuffer map(long from, long bytes) {
    try {
      return channel.map(FileChannel.MapMode.READ_ONLY, from, bytes).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new DataException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new DataException(path + " cannot be closed: " + e.getMessage(), e);
    }
  }
}
