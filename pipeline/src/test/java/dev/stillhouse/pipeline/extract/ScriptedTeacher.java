package dev.stillhouse.pipeline.extract;

import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what it was told to say, right or wrong: for tests of those who listen. */
final class ScriptedTeacher implements DenseTeacher {
  /** Rows from slot {@code first} on. */
  record Block(int first, List<float[]> rows) {}

  private final int vocabulary;
  private final List<Block> script;

  /** Blocks lent and not given back; cursors open. */
  int open;

  ScriptedTeacher(int vocabulary, List<Block> script) {
    this.vocabulary = vocabulary;
    this.script = script;
  }

  @Override
  public String fingerprint() {
    return "scripted";
  }

  @Override
  public int vocabulary() {
    return vocabulary;
  }

  @Override
  public boolean reproducible() {
    return true;
  }

  @Override
  public LogitsCursor read(TokenBatch batch) {
    open++;
    Iterator<Block> blocks = script.iterator();
    return new LogitsCursor() {
      @Override
      public @Nullable Logits next() {
        return blocks.hasNext() ? lend(blocks.next()) : null;
      }

      @Override
      public void close() {
        open--;
      }
    };
  }

  private Logits lend(Block block) {
    open++;
    int width = block.rows().get(0).length;
    ByteBuffer memory =
        ByteBuffer.allocateDirect(4 * width * block.rows().size()).order(ByteOrder.LITTLE_ENDIAN);
    block
        .rows()
        .forEach(
            row -> {
              for (float x : row) {
                memory.putFloat(x);
              }
            });
    return new Logits(memory.flip(), block.first(), block.rows().size(), width, () -> open--);
  }

  @Override
  public void close() {}
}
