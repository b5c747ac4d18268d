package dev.stillhouse.serve;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.IfAbsent;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.loader.Cursor;
import dev.stillhouse.storage.loader.dense.DenseField;
import dev.stillhouse.storage.loader.dense.NumberType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What one rank asks to be loaded, as JSON. A field that is left out has the value that the Java
 * builder would take; an unknown field is an error. {@code docs/reference/flight.md} has the page.
 *
 * @param v version of this form, 1
 * @param dataset name of a served dataset; empty with {@code mix}
 * @param mix in its place, names and weights as in {@code a:0.7,b:0.3}
 * @param with names of datasets to be joined: other teachers on the same sequences
 * @param version of the dataset; -1 is the cursor's, or the newest
 * @param cursor JSON text of the cursor to go on from; empty starts a run
 * @param seed of the order, 0 or more; -1 is the cursor's, or 0
 * @param epoch to start with; -1 is 0
 * @param epochs the epoch to end before; -1 is to the end of one
 * @param batch sequences of a step, all ranks together; -1 is the cursor's, or 32
 * @param rank from 0
 * @param worldSize how many ranks there are
 * @param shuffle {@code none}, {@code global}, {@code blocks:W}; empty is the cursor's, or global
 * @param stopAfter samples to end after, all ranks together; -1 is the end of the epochs
 * @param k entries of a position; -1 is all that the dataset keeps
 * @param columns of the batches, by {@link DenseField#column}; none are the usual nine
 * @param integers {@code int32} or {@code int64}
 * @param floats {@code float16}, {@code bfloat16} or {@code float32}
 * @param aheadBytes memory for what is read ahead; -1 is the server's limit
 */
record LoadRequest(
    int v,
    @JsonProperty("dataset") @IfAbsent(IfAbsent.EMPTY_TEXT) String dataset,
    @JsonProperty("mix") @IfAbsent(IfAbsent.EMPTY_TEXT) String mix,
    @JsonProperty("with") @IfAbsent(IfAbsent.EMPTY_LIST) List<String> with,
    @JsonProperty("version") @IfAbsent("-1") long version,
    @JsonProperty("cursor") @IfAbsent(IfAbsent.EMPTY_TEXT) String cursor,
    @JsonProperty("seed") @IfAbsent("-1") long seed,
    @JsonProperty("epoch") @IfAbsent("-1") long epoch,
    @JsonProperty("epochs") @IfAbsent("-1") long epochs,
    @JsonProperty("batch") @IfAbsent("-1") int batch,
    @JsonProperty("rank") @IfAbsent("0") int rank,
    @JsonProperty("worldSize") @IfAbsent("1") int worldSize,
    @JsonProperty("shuffle") @IfAbsent(IfAbsent.EMPTY_TEXT) String shuffle,
    @JsonProperty("stopAfter") @IfAbsent("-1") long stopAfter,
    @JsonProperty("k") @IfAbsent("-1") int k,
    @JsonProperty("columns") @IfAbsent(IfAbsent.EMPTY_LIST) List<String> columns,
    @JsonProperty("integers") @IfAbsent("\"int32\"") String integers,
    @JsonProperty("floats") @IfAbsent("\"float32\"") String floats,
    @JsonProperty("aheadBytes") @IfAbsent("-1") long aheadBytes) {
  /** The version of the form. */
  static final int VERSION = 1;

  /** Reads a request; {@code from} names its place in errors. */
  static LoadRequest parse(String from, byte[] json) {
    checkVersion(from, json);
    LoadRequest request = Json.parse(from, json, LoadRequest.class);
    if (request.dataset.isEmpty() == request.mix.isEmpty()) {
      throw UsageException.of(
          "%s: has dataset '%s' and mix '%s'; need one of the two",
          from, request.dataset, request.mix);
    }
    return request;
  }

  /** Refuses another version before its fields, some of which are unknown here. */
  static void checkVersion(String from, byte[] json) {
    Version version = Json.parse(from, json, Version.class);
    if (version.v != VERSION) {
      throw DataException.of(
          "%s: v is %d; this server speaks version %d: use a client and a server of one release",
          from, version.v, VERSION);
    }
  }

  @com.fasterxml.jackson.annotation.JsonIgnoreProperties(ignoreUnknown = true)
  private record Version(int v) {}

  byte[] json() {
    return Json.line(this).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the same of a version that is known, so that who opens it later reads the same. */
  LoadRequest pinned(long number) {
    return new LoadRequest(
        v,
        dataset,
        mix,
        with,
        number,
        cursor,
        seed,
        epoch,
        epochs,
        batch,
        rank,
        worldSize,
        shuffle,
        stopAfter,
        k,
        columns,
        integers,
        floats,
        aheadBytes);
  }

  Optional<Cursor> start() {
    return cursor.isEmpty()
        ? Optional.empty()
        : Optional.of(Cursor.parse(cursor, "of the request"));
  }

  NumberType integerType() {
    return type("integers", integers, NumberType.INT32, NumberType.INT64);
  }

  NumberType floatType() {
    return type("floats", floats, NumberType.FLOAT32, NumberType.FLOAT16, NumberType.BFLOAT16);
  }

  private static NumberType type(String field, String name, NumberType... allowed) {
    ImmutableList<NumberType> types = ImmutableList.copyOf(allowed);
    return types.stream()
        .filter(type -> Ascii.toLowerCase(type.name()).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                UsageException.of(
                    "%s '%s': need one of %s", field, name, Ascii.toLowerCase(types.toString())));
  }
}
