package dev.stillhouse.pipeline.teacher.onnx;

import static com.google.common.base.Preconditions.checkState;

import ai.onnxruntime.OnnxJavaType;
import dev.stillhouse.pipeline.teacher.BlockPool;
import dev.stillhouse.pipeline.teacher.Float16;
import dev.stillhouse.pipeline.teacher.LogitBuffer;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.onnx.Calls.Call;
import dev.stillhouse.pipeline.teacher.onnx.Windows.Window;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs the calls of a batch one after another and lends each window's rows from the memory that the
 * runtime wrote them to; float16 is widened a few rows at a time.
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
  private @Nullable ByteBuffer memory;
  private @Nullable ByteBuffer widened;
  private @Nullable Logits open;
  private @Nullable Call call;
  private int window;
  private int row;
  private boolean closed;

  OnnxCursor(OnnxModel model, TokenBatch batch, BlockPool pool, List<Call> calls, int prefix) {
    this.model = model;
    this.batch = batch;
    this.pool = pool;
    this.calls = calls.iterator();
    this.prefix = prefix;
    this.type = model.signature().type();
  }

  @Override
  public @Nullable Logits next() {
    checkState(open == null, "LogitsCursor: close the block before asking for the next");
    checkState(!closed, "LogitsCursor: next after close");
    if (call == null || window == call.windows().size()) {
      if (!calls.hasNext()) {
        return null;
      }
      run(calls.next());
    }
    Logits lent = lend();
    open = lent;
    return lent;
  }

  private void run(Call next) {
    long bytes = model.bytes(next);
    if (bytes > Integer.MAX_VALUE) {
      throw DataException.of(
          "a call of %d tokens gives %d bytes of logits, need <= %d; add context=C (and stride=S) to"
              + " onnx:FILE, so that long segments are read in windows",
          next.length(), bytes, Integer.MAX_VALUE);
    }
    ByteBuffer block = memory;
    if (block == null || block.capacity() < bytes) {
      giveBack();
      block = pool.take((int) bytes);
      memory = block;
    }
    model.run(next, batch.tokens(), slice(block, 0, (int) bytes));
    call = next;
    window = 0;
    row = next.windows().get(0).firstUsed();
  }

  /** The next rows of the window that is due. */
  private Logits lend() {
    Call running = call;
    ByteBuffer block = memory;
    if (running == null || block == null) {
      throw new IllegalStateException("LogitsCursor: no call has run");
    }
    Window lending = running.windows().get(window);
    int rowBytes = model.vocabulary() * model.width();
    int left = lending.length() - row;
    int most = type == OnnxJavaType.FLOAT16 ? Math.max(1, WIDE_BYTES / 2 / rowBytes) : left;
    int count = Math.min(left, most);
    int from = (window * running.length() + prefix + row) * rowBytes;
    ByteBuffer rows = slice(block, from, count * rowBytes);
    int slot = lending.start() + row;
    row += count;
    if (row == lending.length() && ++window < running.windows().size()) {
      row = running.windows().get(window).firstUsed();
    }
    return new Logits(logits(rows), slot, count, model.vocabulary(), () -> open = null);
  }

  private LogitBuffer logits(ByteBuffer rows) {
    return switch (type) {
      case BFLOAT16 -> LogitBuffer.bfloat16(rows);
      case FLOAT16 -> LogitBuffer.float32(widen(rows));
      default -> LogitBuffer.float32(rows);
    };
  }

  private ByteBuffer widen(ByteBuffer narrow) {
    int bytes = 2 * narrow.remaining();
    ByteBuffer block = widened;
    if (block == null || block.capacity() < bytes) {
      block = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
      widened = block;
    }
    Float16.widen(narrow.asShortBuffer(), block.asFloatBuffer());
    return block;
  }

  private static ByteBuffer slice(ByteBuffer block, int from, int bytes) {
    return block.slice(from, bytes).order(ByteOrder.nativeOrder());
  }

  private void giveBack() {
    if (memory != null) {
      pool.giveBack(memory);
      memory = null;
    }
  }

  @Override
  public void close() {
    if (open != null) {
      open.close();
    }
    closed = true;
    giveBack();
  }
}
