package dev.stillhouse.pipeline.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import com.google.common.primitives.Bytes;
import dev.stillhouse.pipeline.ByteOrderMark;
import dev.stillhouse.pipeline.HeapLimit;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.manifest.BlobKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A tokenizer.json as bytes, with the choice that decides its ids. A dataset keeps these bytes as
 * the blob {@link #key}, so that its text can be shown when the file is gone.
 *
 * <p>The bytes are the file's own, or, if special tokens are ids, the file within {@code
 * {"specialTokens":true,"tokenizer":FILE}}. So the sha256 of the bytes covers the choice, and for
 * the common choice it is what {@code sha256sum tokenizer.json} prints.
 */
final class TokenizerFile {
  /** Max bytes of a file; the largest published ones have about 35 MB. */
  static final int MAX_BYTES = 64 << 20;

  /** Bytes of heap for a byte of JSON: its text, its tree, the texts of its ids. */
  private static final int TIMES_IN_MEMORY = 12;

  private static final byte[] BEFORE = "{\"specialTokens\":true,\"tokenizer\":".getBytes(UTF_8);
  private static final byte[] AFTER = "}".getBytes(UTF_8);

  private final String name;
  private final byte[] bytes;

  /**
   * Creates a tokenizer file from bytes in memory.
   *
   * @param name for people: the file's name without its directory
   * @param bytes kept, not copied
   */
  TokenizerFile(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  /** Reads a file; nothing of it if it is too long. */
  static TokenizerFile read(Path path, boolean specialTokens) {
    String name = String.valueOf(path.getFileName());
    try {
      if (!Files.exists(path)) {
        throw DataException.of("tokenizer '%s' does not exist", path);
      }
      if (!Files.isRegularFile(path)) {
        throw DataException.of("tokenizer '%s' is no file; name a tokenizer.json", path);
      }
      if (Files.size(path) > MAX_BYTES) {
        throw DataException.of(
            "tokenizer '%s' has %d bytes, need <= %d; is this a tokenizer.json?",
            path, Files.size(path), MAX_BYTES);
      }
      HeapLimit.check("tokenizer '" + path + "'", Files.size(path), TIMES_IN_MEMORY);
      try (InputStream in = Files.newInputStream(path)) {
        byte[] bytes = in.readNBytes(MAX_BYTES);
        return new TokenizerFile(name, specialTokens ? Bytes.concat(BEFORE, bytes, AFTER) : bytes);
      }
    } catch (IOException e) {
      throw new DataException("tokenizer '" + path + "' cannot be read: " + e.getMessage(), e);
    }
  }

  /** Returns the key of the blob of this fingerprint. */
  static String key(String fingerprint) {
    return BlobKind.TOKENIZER.key(fingerprint);
  }

  /** Returns the max bytes of a blob. */
  static int maxBlobBytes() {
    return MAX_BYTES + BEFORE.length + AFTER.length;
  }

  String name() {
    return name;
  }

  /** Returns the bytes, shared: do not write to them. */
  byte[] bytes() {
    return bytes;
  }

  /** Returns the sha256 (hex) of the bytes. */
  String fingerprint() {
    return Hashing.sha256().hashBytes(bytes).toString();
  }

  /** Returns whether special tokens that occur in text become their ids. */
  boolean specialTokens() {
    return bytes.length >= BEFORE.length
        && Arrays.equals(bytes, 0, BEFORE.length, BEFORE, 0, BEFORE.length);
  }

  /** Returns the JSON of the file itself, without a byte order mark. */
  byte[] json() {
    return ByteOrderMark.without(
        specialTokens()
            ? Arrays.copyOfRange(bytes, BEFORE.length, bytes.length - AFTER.length)
            : bytes);
  }
}
