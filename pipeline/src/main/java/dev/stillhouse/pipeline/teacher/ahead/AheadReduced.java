package dev.stillhouse.pipeline.teacher.ahead;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.base.Throwables;
import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Asks for finished statistics while those of earlier batches are written. Where a teacher has many
 * servers, several batches are under way, each in a thread of its own.
 */
final class AheadReduced implements Ahead, ReducedTeacher {
  private final ReducedTeacher teacher;
  private final Selection selection;
  private final TeacherThread thread;
  private final WaitedTime waited;
  private final Deque<Begun> begun = new ArrayDeque<>();

  private record Begun(TokenBatch batch, Future<StatisticsBatch> answer) {}

  AheadReduced(ReducedTeacher teacher, Selection selection, WaitedTime waited) {
    this.waited = waited;
    this.teacher = teacher;
    this.selection = selection;
    this.thread = teacher.positionsAhead() > 0 ? TeacherThread.many() : TeacherThread.one();
  }

  @Override
  public ReducedTeacher teacher() {
    return this;
  }

  @Override
  public void begin(TokenBatch batch) {
    begun.add(new Begun(batch, thread.ask(() -> teacher.read(batch, selection))));
  }

  @Override
  public boolean wantsMore() {
    int slots = begun.stream().mapToInt(one -> one.batch().slots()).sum();
    return slots < teacher.positionsAhead();
  }

  @Override
  public StatisticsBatch read(TokenBatch batch, Selection asked) {
    checkState(
        asked.equals(selection), "AheadReduced: asked for %s, begun with %s", asked, selection);
    if (begun.isEmpty()) {
      begin(batch);
    }
    checkState(begun.element().batch().equals(batch), "AheadReduced: another was begun first");
    Begun first = begun.remove();
    try (WaitedTime.Waiting wait = waited.on(teacher, batch)) {
      return first.answer().get();
    } catch (InterruptedException e) {
      first.answer().cancel(true);
      throw TeacherThread.interrupted(e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      Throwables.throwIfUnchecked(cause);
      throw new DataException("teacher " + fingerprint() + ": " + cause, e);
    }
  }

  @Override
  public OptionalLong waitedNanos() {
    return OptionalLong.of(waited.nanos());
  }

  @Override
  public void drop() {
    begun.forEach(one -> one.answer().cancel(true));
    begun.clear();
  }

  @Override
  public void close() {
    drop();
    thread.close();
  }

  @Override
  public void check(Selection asked) {
    teacher.check(asked);
  }

  @Override
  public Set<Scalar> cannotGive() {
    return teacher.cannotGive();
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
