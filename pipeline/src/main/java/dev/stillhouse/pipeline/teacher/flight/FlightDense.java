package dev.stillhouse.pipeline.teacher.flight;

import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.TokenIds;
import dev.stillhouse.pipeline.teacher.Windows;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.OptionalInt;

/** A teacher whose whole rows come over the wire; the extractor here reduces them. */
final class FlightDense implements DenseTeacher {
  /** Rows that wait for the extractor: a few messages of a server. */
  private static final int WAITING_BYTES = 32 << 20;

  private final Servers servers;
  private final Windows windows;
  private final String type;

  /**
   * Asks for rows.
   *
   * @param type float32, bfloat16, or own: what holds the model's logits exactly
   */
  FlightDense(Servers servers, Windows windows, String type) {
    this.servers = servers;
    this.windows = windows;
    this.type = type.equals("own") ? servers.info().dense() : type;
  }

  @Override
  public String fingerprint() {
    return String.join(
        " ", "flight dense", type, servers.info().fingerprint(), windows.canonical());
  }

  @Override
  public int vocabulary() {
    return servers.info().vocabulary();
  }

  /** Returns false: libraries choose their sums by device and shape. */
  @Override
  public boolean reproducible() {
    return false;
  }

  @Override
  public int waitingBytes() {
    return WAITING_BYTES;
  }

  @Override
  public OptionalInt firstToken() {
    return servers.info().firstToken();
  }

  @Override
  public LogitsCursor read(TokenBatch batch) {
    TokenIds.check(batch, vocabulary());
    return new FlightCursor(servers, new Prompts(batch, windows), type);
  }

  @Override
  public void close() {
    servers.close();
  }
}
