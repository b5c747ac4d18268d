package dev.stillhouse.pipeline.teacher;

import com.google.common.io.ByteSource;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code --teacher broken:FAULT[,ahead]}, of tests alone: right about sequences 0 to 7, where all
 * is as likely. FAULT: {@code wide} rows from then on, {@code few} of them, or an error: {@code
 * late}, {@code memory}, {@code stack}, {@code class}. With {@code ahead} it is asked in a thread
 * of its own.
 */
public final class BrokenProvider implements TeacherProvider {
  private static final int V = 300;

  @Override
  public String name() {
    return "broken";
  }

  @Override
  public Teacher open(String argument, Optional<ByteSource> blob) {
    return new Broken(argument);
  }

  private record Broken(String argument) implements DenseTeacher {
    @Override
    public LogitsCursor read(TokenBatch batch) {
      boolean wrong = batch.firstSequence() >= 8;
      boolean wide = wrong && argument.startsWith("wide");
      int slots = wrong && argument.startsWith("few") ? batch.slots() - 1 : batch.slots();
      return new LogitsCursor() {
        private int slot;

        @Override
        public @Nullable Logits next() {
          if (wrong && argument.startsWith("late") && slot > 0) {
            throw new IllegalStateException("the teacher's machine is gone");
          }
          if (wrong && argument.startsWith("memory") && slot > 0) {
            throw new OutOfMemoryError("planted");
          }
          if (wrong && argument.startsWith("stack") && slot > 0) {
            throw new StackOverflowError("planted");
          }
          if (wrong && argument.startsWith("class") && slot > 0) {
            throw new NoClassDefFoundError("planted");
          }
          int width = V + (wide ? 1 : 0);
          return slot == slots
              ? null
              : new Logits(ByteBuffer.allocateDirect(4 * width), slot++, 1, width, () -> {});
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public int waitingBytes() {
      return argument.endsWith("ahead") ? 1 : 0;
    }

    @Override
    public String fingerprint() {
      return "broken";
    }

    @Override
    public int vocabulary() {
      return V;
    }

    @Override
    public boolean reproducible() {
      return true;
    }

    @Override
    public void close() {}
  }
}
