package dev.stillhouse.pipeline.teacher.flight;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableMap;
import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.flight.Failures.AwayException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Lends rows from the memory that they were received in. If a server goes in the middle, another is
 * asked, and what came already is passed over.
 */
final class FlightCursor implements LogitsCursor {
  private final Servers servers;
  private final Prompts prompts;
  private final String type;
  private final int rowBytes;
  private final Schema schema;
  private final Map<String, String> metadata;
  private final BitSet given = new BitSet();
  private final Deque<Logits> waiting = new ArrayDeque<>();
  private @Nullable Exchange call;
  private boolean closed;

  FlightCursor(Servers servers, Prompts prompts, String type) {
    this.servers = servers;
    this.prompts = prompts;
    this.type = type;
    this.rowBytes =
        servers.info().vocabulary() * (type.equals("bfloat16") ? Short.BYTES : Float.BYTES);
    this.schema = Columns.dense(rowBytes);
    this.metadata =
        ImmutableMap.of("fingerprint", servers.info().fingerprint(), "form", "dense", "type", type);
  }

  @Override
  public @Nullable Logits next() {
    checkState(!closed, "LogitsCursor: next after close");
    if (waiting.isEmpty() && given.cardinality() < prompts.rows()) {
      servers.ask(prompts, this::receive);
    }
    Logits block = waiting.poll();
    if (block == null) {
      finish();
    }
    return block;
  }

  /** Reads the answer's end, so that a call which went well is not cancelled. */
  private void finish() {
    Exchange running = call;
    try {
      if (running != null && running.next(schema, metadata) != null) {
        throw running.wrong(prompts.rows() - 1, "the answer has rows behind the last");
      }
    } catch (AwayException e) {
      // All rows came before the server went.
    } finally {
      end();
    }
  }

  /** Receives some rows; asks anew where the call was cut. */
  private boolean receive(Server server) {
    try {
      Exchange running = call;
      if (running == null) {
        running = server.exchange(Columns.dense(type), prompts);
        call = running;
      }
      while (waiting.isEmpty()) {
        VectorSchemaRoot root = running.next(schema, metadata);
        if (root == null) {
          int missing = given.nextClearBit(0);
          throw running.wrong(missing, "the answer ends without its row");
        }
        lend(running, root);
      }
      return true;
    } catch (AwayException e) {
      end();
      throw e;
    }
  }

  private void lend(Exchange running, VectorSchemaRoot root) {
    int count = root.getRowCount();
    IntVector rows = (IntVector) root.getVector(Columns.ROW);
    IntVector tokens = (IntVector) root.getVector(Columns.TOKEN);
    FixedSizeBinaryVector logits = (FixedSizeBinaryVector) root.getVector(Columns.LOGITS);
    if (rows.getNullCount() + tokens.getNullCount() + logits.getNullCount() > 0
        || rows.getValueCount() != count
        || tokens.getValueCount() != count
        || logits.getValueCount() != count) {
      throw running.wrong(-1, "the answer has nulls or columns of different lengths");
    }
    for (int begin = 0, end; begin < count; begin = end) {
      check(running, rows.get(begin), tokens.get(begin));
      end = begin + 1;
      while (end < count
          && rows.get(end) == rows.get(end - 1) + 1
          && rows.get(end) < prompts.rows()
          && prompts.slot(rows.get(end)) == prompts.slot(rows.get(end - 1)) + 1
          && given.get(rows.get(end)) == given.get(rows.get(begin))) {
        check(running, rows.get(end), tokens.get(end));
        end++;
      }
      int row = rows.get(begin);
      if (!given.get(row)) {
        given.set(row, row + end - begin);
        waiting.add(lend(logits.getDataBuffer(), begin, end - begin, prompts.slot(row)));
      }
    }
  }

  private void check(Exchange running, int row, int token) {
    if (row < 0 || row >= prompts.rows() || token != prompts.token(row)) {
      throw running.wrong(
          row, "the answer has row " + row + " of " + prompts.rows() + ", about token " + token);
    }
  }

  private Logits lend(ArrowBuf memory, int begin, int count, int slot) {
    ByteBuffer rows =
        memory.nioBuffer((long) begin * rowBytes, count * rowBytes).order(ByteOrder.LITTLE_ENDIAN);
    memory.getReferenceManager().retain();
    LogitBuffer logits =
        type.equals("bfloat16") ? LogitBuffer.bfloat16(rows) : LogitBuffer.float32(rows);
    return new Logits(
        logits,
        slot,
        count,
        servers.info().vocabulary(),
        () -> memory.getReferenceManager().release());
  }

  private void end() {
    Exchange running = call;
    call = null;
    if (running != null) {
      running.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    waiting.forEach(Logits::close);
    waiting.clear();
    end();
  }
}
