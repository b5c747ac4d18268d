package dev.stillhouse.storage.loader;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.IfAbsent;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.PublicApi;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.ReadOptions;
import dev.stillhouse.storage.loader.order.ShuffleSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Where a student is in a run, as readable JSON of under 200 bytes (for seeds below 2^32, 10^12
 * samples, and windows of up to 999 blocks; a rank's part of it is up to 15 bytes longer).
 *
 * <p>It counts samples, so it holds for any number of ranks.
 *
 * @param v version of this grammar, 2
 * @param data what is loaded: first 12 hex digits of the dataset's fingerprint, or of the mixture's
 * @param seed of the order, 0 or more
 * @param order the {@link ShuffleSpec}
 * @param batch sequences of a step, all ranks together
 * @param samples consumed since the start of epoch 0, all ranks together
 * @param part empty if the digests are of all ranks; else the rank that they are of, as in {@code
 *     3/8}
 * @param digest of the tokens that were consumed, and where in the run
 * @param values digest of all values that were consumed
 * @param check two characters for each field before it, from {@code data} on, so that an editor's
 *     slip is found, and where
 */
@JsonPropertyOrder({
  "v", "data", "seed", "order", "batch", "samples", "part", "digest", "values", "check"
})
@PublicApi
public record Cursor(
    int v,
    String data,
    long seed,
    String order,
    int batch,
    long samples,
    @JsonProperty("part") @JsonInclude(JsonInclude.Include.NON_EMPTY) @IfAbsent(IfAbsent.EMPTY_TEXT)
        String part,
    String digest,
    String values,
    String check) {
  /** Max bytes of a file that is read as a cursor. */
  public static final int MAX_BYTES = 4096;

  static final int DATA_DIGITS = 12;
  private static final int VERSION = 2;

  public static Cursor of(
      String data,
      long seed,
      String order,
      int batch,
      long samples,
      String part,
      String digest,
      String values) {
    Cursor unchecked =
        new Cursor(VERSION, data, seed, order, batch, samples, part, digest, values, "");
    return new Cursor(
        VERSION,
        data,
        seed,
        order,
        batch,
        samples,
        part,
        digest,
        values,
        CursorCheck.of(unchecked));
  }

  /** Returns the text form. */
  public String toJson() {
    return Json.line(this);
  }

  /**
   * Reads the text form.
   *
   * @param from name of the file, for errors
   * @throws DataException if it is no cursor, or was edited; it names the field
   */
  public static Cursor parse(String json, String from) {
    String blob = "cursor " + from;
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    JsonNode version = Json.parse(blob, bytes, JsonNode.class).path("v");
    if (version.isNumber() && version.asInt() != VERSION) {
      throw DataException.of("%s: v is %s; this release reads %d", blob, version, VERSION);
    }
    Cursor cursor = Json.parse(blob, bytes, Cursor.class);
    CursorCheck.check(cursor, blob);
    return cursor;
  }

  /**
   * Returns the same place with steps of another size from there on.
   *
   * @param sequences of a step, all ranks together, 1 or more
   */
  public Cursor withBatch(int sequences) {
    if (sequences < 1) {
      throw UsageException.of("batch %d: need 1 or more sequences", sequences);
    }
    return of(data, seed, order, sequences, samples, part, digest, values);
  }

  /**
   * Merges the cursors of all ranks into one.
   *
   * @param parts one of each rank, in any order, all of the same step
   * @throws DataException if a rank is missing, or steps differ
   */
  public static Cursor merge(List<Cursor> parts) {
    return CursorParts.merge(parts);
  }

  /**
   * Returns options that open the version that it was taken from, or the newest if that is gone.
   */
  public ReadOptions version(ReadOptions options) {
    return options.fingerprint(data);
  }
}
