package dev.stillhouse.pipeline.teacher.ahead;

import static com.google.common.base.Preconditions.checkState;

import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/** Makes rows of logits while earlier ones are reduced. */
final class AheadDense implements Ahead, DenseTeacher {
  private final DenseTeacher teacher;
  private final WaitingRows rows;
  private final WaitedTime waited;
  private final TeacherThread thread = TeacherThread.one();
  private final Deque<AheadCursor> begun = new ArrayDeque<>();

  AheadDense(DenseTeacher teacher, WaitedTime waited) {
    this.waited = waited;
    this.teacher = teacher;
    this.rows = new WaitingRows(teacher.waitingBytes());
  }

  @Override
  public DenseTeacher teacher() {
    return this;
  }

  @Override
  public void begin(TokenBatch batch) {
    AheadCursor cursor = new AheadCursor(teacher, batch, rows, waited);
    begun.add(cursor);
    thread.run(cursor::make);
  }

  @Override
  public LogitsCursor read(TokenBatch batch) {
    if (begun.isEmpty()) {
      begin(batch);
    }
    checkState(begun.element().isAbout(batch), "AheadDense: another batch was begun first");
    return begun.remove();
  }

  @Override
  public OptionalLong waitedNanos() {
    return OptionalLong.of(waited.nanos());
  }

  @Override
  public void drop() {
    begun.forEach(AheadCursor::close);
    begun.clear();
  }

  @Override
  public void close() {
    drop();
    thread.close();
  }

  @Override
  public boolean hasRow(TokenBatch batch, int slot) {
    return teacher.hasRow(batch, slot);
  }

  @Override
  public String fingerprint() {
    return teacher.fingerprint();
  }

  @Override
  public int vocabulary() {
    return teacher.vocabulary();
  }

  @Override
  public boolean reproducible() {
    return teacher.reproducible();
  }
}
