package dev.stillhouse.pipeline.teacher.onnx;

import static com.google.common.base.Preconditions.checkState;

import ai.onnxruntime.OnnxJavaType;
import dev.stillhouse.pipeline.teacher.BlockPool;
import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.SharedBlock;
import dev.stillhouse.pipeline.teacher.Windows.Window;
import dev.stillhouse.pipeline.teacher.onnx.Calls.Call;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.Float16;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs the calls of a batch one after another and lends each window's rows from the memory that the
 * runtime wrote them to. float16 is widened a few rows at a time.
 */
final class OnnxCursor implements LogitsCursor {
  /** Bytes of a block of widened rows, unless a single row is longer: it stays in the cache. */
  private static final int WIDE_BYTES = 1 << 20;

  private final OnnxModel model;
  private final TokenBatch batch;
  private final BlockPool pool;
  private final Iterator<Call> calls;
  private final int prefix;
  private final OnnxJavaType type;
  private final BlockPool widened;
  private @Nullable SharedBlock memory;
  private @Nullable Call call;
  private int window;
  private int row;
  private boolean closed;

  OnnxCursor(
      OnnxModel model,
      TokenBatch batch,
      BlockPool pool,
      BlockPool widened,
      List<Call> calls,
      int prefix) {
    this.model = model;
    this.batch = batch;
    this.pool = pool;
    this.widened = widened;
    this.calls = calls.iterator();
    this.prefix = prefix;
    this.type = model.signature().type();
  }

  @Override
  public @Nullable Logits next() {
    checkState(!closed, "LogitsCursor: next after close");
    if (call == null || window == call.windows().size()) {
      if (!calls.hasNext()) {
        return null;
      }
      run(calls.next());
    }
    return lend();
  }

  private void run(Call next) {
    long bytes = model.bytes(next);
    if (bytes > Integer.MAX_VALUE) {
      throw DataException.of(
          "a call of %d tokens gives %d bytes of logits, need <= %d; add context=C (and stride=S) to"
              + " onnx:FILE, so that long segments are read in windows",
          next.length(), bytes, Integer.MAX_VALUE);
    }
    giveBack();
    SharedBlock block = new SharedBlock(pool, (int) bytes);
    memory = block;
    model.run(next, batch.tokens(), slice(block.memory(), 0, (int) bytes));
    call = next;
    window = 0;
    row = next.windows().get(0).firstUsed();
  }

  /** Returns the next rows of the window that is due. */
  private Logits lend() {
    Call running = call;
    SharedBlock block = memory;
    if (running == null || block == null) {
      throw new IllegalStateException("LogitsCursor: no call has run");
    }
    Window lending = running.windows().get(window);
    int rowBytes = model.vocabulary() * model.width();
    int left = lending.length() - row;
    int max = type == OnnxJavaType.FLOAT16 ? Math.max(1, WIDE_BYTES / 2 / rowBytes) : left;
    int count = Math.min(left, max);
    int from = (window * running.length() + prefix + row) * rowBytes;
    ByteBuffer rows = slice(block.memory(), from, count * rowBytes);
    int slot = lending.start() + row;
    row += count;
    if (row == lending.length() && ++window < running.windows().size()) {
      row = running.windows().get(window).firstUsed();
    }
    if (type != OnnxJavaType.FLOAT16) {
      LogitBuffer logits =
          type == OnnxJavaType.BFLOAT16 ? LogitBuffer.bfloat16(rows) : LogitBuffer.float32(rows);
      return new Logits(logits, slot, count, model.vocabulary(), block.hold());
    }
    ByteBuffer floats = widened.take(2 * max * rowBytes);
    Float16.widen(rows.asShortBuffer(), floats.asFloatBuffer());
    return new Logits(floats, slot, count, model.vocabulary(), () -> widened.giveBack(floats));
  }

  private static ByteBuffer slice(ByteBuffer block, int from, int bytes) {
    return block.slice(from, bytes).order(ByteOrder.nativeOrder());
  }

  private void giveBack() {
    if (memory != null) {
      memory.release();
      memory = null;
    }
  }

  @Override
  public void close() {
    closed = true;
    giveBack();
  }
}
