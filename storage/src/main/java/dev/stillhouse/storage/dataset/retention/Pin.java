package dev.stillhouse.storage.dataset.retention;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.IfAbsent;
import dev.stillhouse.storage.Json;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * Keeps a version from the {@link GarbageCollector} until a time.
 *
 * @param format grammar of this file
 * @param version number of the version that stays
 * @param expires end of the pin, as in {@code 2026-01-31T12:00:00Z}
 * @param reason what the version is needed for, in a person's words; may be ""
 */
public record Pin(
    String format,
    long version,
    String expires,
    @JsonProperty("reason")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @IfAbsent(IfAbsent.EMPTY_TEXT)
        String reason) {
  static final String FORMAT = "stillhouse-pin-1";

  private static final int MAX_REASON = 1000;

  /** Returns a pin of a version, without a reason. */
  public static Pin of(long version, Instant expires) {
    return of(version, expires, "");
  }

  /** Returns a pin of a version. */
  public static Pin of(long version, Instant expires, String reason) {
    return new Pin(FORMAT, version, expires.toString(), reason).checked("pin");
  }

  /** Reads and checks a pin. */
  public static Pin parse(String blob, byte[] json) {
    return Json.record(blob, json, Pin.class).checked(blob);
  }

  private Pin checked(String blob) {
    if (!format.equals(FORMAT)) {
      throw DataException.of("%s: format '%s'; this release reads '%s'", blob, format, FORMAT);
    }
    if (version < 1) {
      throw DataException.of("%s: version %d: need 1 or more", blob, version);
    }
    if (reason.length() > MAX_REASON) {
      throw DataException.of(
          "%s: a reason of %d characters, the limit is %d", blob, reason.length(), MAX_REASON);
    }
    try {
      Instant.parse(expires);
    } catch (DateTimeException e) {
      throw new DataException(
          blob + ": expires '" + expires + "' is no time as in 2026-01-31T12:00:00Z", e);
    }
    return this;
  }

  /** Returns the end of the pin. */
  @JsonIgnore
  public Instant end() {
    return Instant.parse(expires);
  }
}
