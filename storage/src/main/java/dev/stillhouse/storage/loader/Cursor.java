package dev.stillhouse.storage.loader;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.Hashes;
import dev.stillhouse.storage.dataset.Json;
import dev.stillhouse.storage.dataset.Manifest;
import java.nio.charset.StandardCharsets;

/**
 * Where a loader is: readable JSON of under 200 bytes.
 *
 * @param v version of this grammar, 1
 * @param data first 16 hex digits of the dataset's fingerprint
 * @param seed of the order
 * @param epoch from 0
 * @param next sequences of this epoch that were consumed
 * @param digest of the tokens that were consumed and at which positions of the epoch, 128 bits in
 *     base64url
 * @param content digest of all values that were consumed, in whatever order, likewise
 * @param check first 8 hex digits of a hash of the fields before: a slip of an editor is noticed
 */
@JsonPropertyOrder({"v", "data", "seed", "epoch", "next", "digest", "content", "check"})
public record Cursor(
    int v,
    String data,
    long seed,
    long epoch,
    long next,
    String digest,
    String content,
    String check) {
  private static final int VERSION = 1;
  private static final int DATA_DIGITS = 16;
  private static final String ZERO = "A".repeat(22);

  /** The start of an epoch. */
  static Cursor start(String fingerprint, long seed, long epoch) {
    return of(fingerprint.substring(0, DATA_DIGITS), seed, epoch, 0, ZERO, ZERO);
  }

  /** This cursor further on. */
  Cursor advance(long position, String tokens, String values) {
    return of(data, seed, epoch, position, tokens, values);
  }

  private static Cursor of(
      String data, long seed, long epoch, long next, String digest, String content) {
    return new Cursor(
        VERSION,
        data,
        seed,
        epoch,
        next,
        digest,
        content,
        check(data, seed, epoch, next, digest, content));
  }

  private static String check(
      String data, long seed, long epoch, long next, String digest, String content) {
    return Hashes.sha256(String.join(" ", data, "" + seed, "" + epoch, "" + next, digest, content))
        .substring(0, 8);
  }

  /** The text form. */
  public String toJson() {
    return Json.line(this);
  }

  /**
   * Reads the text form.
   *
   * @param from where it came from, for errors
   */
  public static Cursor parse(String json, String from) {
    Cursor cursor =
        Json.parse("cursor " + from, json.getBytes(StandardCharsets.UTF_8), Cursor.class);
    if (cursor.v != VERSION) {
      throw DataException.of("cursor %s: v is %d; this release reads %d", from, cursor.v, VERSION);
    }
    String check =
        check(cursor.data, cursor.seed, cursor.epoch, cursor.next, cursor.digest, cursor.content);
    if (!check.equals(cursor.check)) {
      throw DataException.of(
          "cursor %s: check is '%s', its fields give '%s'; it was cut or edited",
          from, cursor.check, check);
    }
    return cursor;
  }

  /** Whether it was taken from this version of a dataset. */
  public boolean belongsTo(Manifest manifest) {
    return manifest.fingerprint().startsWith(data);
  }

  /** Refuses the cursor of another dataset. */
  void check(String fingerprint, long sequences) {
    if (!fingerprint.startsWith(data)) {
      throw DataException.of(
          "the cursor belongs to a dataset with fingerprint %s..., this one has %s",
          data, fingerprint);
    }
    if (seed < 0 || epoch < 0 || next < 0 || next > sequences) {
      throw DataException.of(
          "the cursor says seed %d, epoch %d, next %d; the dataset has %d sequences",
          seed, epoch, next, sequences);
    }
  }
}
