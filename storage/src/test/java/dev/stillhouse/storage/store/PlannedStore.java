package dev.stillhouse.storage.store;

import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store that fails at one planned operation. */
public final class PlannedStore extends InterceptedStore {
  private final Plan plan;

  /** How it fails. */
  public enum Fault {
    /** The process ends before the operation. */
    BEFORE,
    /** The process ends behind it. */
    AFTER,
    /** The process ends in the middle: of a blob that is named by its content half is there. */
    TORN,
    /** It is done, and an error is reported; the process goes on. */
    LOST_ANSWER,
    /** It is not done, and an error is reported; the process goes on. */
    REFUSED,
    /** It is reported as done; a few operations later the machine fails, and it never was. */
    UNSYNCED
  }

  /** Which operation fails, over all stores that share the plan. */
  public static final class Plan {
    private static final int LATER = 3;

    private final int at;
    private final Fault fault;
    private int count;
    private boolean ended;
    private @Nullable Runnable undo;

    /** Operation number {@code at}, from 0, fails; none if it is negative. */
    public Plan(int at, Fault fault) {
      this.at = at;
      this.fault = fault;
    }

    /** How many operations there were. */
    public synchronized int count() {
      return count;
    }

    /** What becomes of the next operation; null where it is done. */
    private synchronized @Nullable Fault next() {
      int number = count++;
      if (undo != null && number > at + LATER) {
        undo.run();
        undo = null;
        ended = true;
      }
      if (ended) {
        return Fault.BEFORE;
      }
      return number == at ? fault : null;
    }

    private synchronized DataException end(String what) {
      ended = true;
      return DataException.of("the process has ended: %s", what);
    }

    private synchronized void undoLater(Runnable action) {
      undo = action;
    }

    /** The process has come to its end. */
    public synchronized void close() {
      if (undo != null) {
        undo.run();
      }
    }
  }

  public PlannedStore(BlobStore store, Plan plan) {
    super(store);
    this.plan = plan;
  }

  private <T> T request(String what, Supplier<T> request, Runnable tear, Runnable undo) {
    Fault fault = plan.next();
    if (fault == null) {
      return request.get();
    }
    switch (fault) {
      case BEFORE -> throw plan.end(what);
      case TORN -> {
        tear.run();
        throw plan.end(what);
      }
      case REFUSED -> throw DataException.of("cannot %s in region %s: refused", what, region());
      case AFTER -> {
        T unused = request.get();
        throw plan.end(what);
      }
      case LOST_ANSWER -> {
        T unused = request.get();
        throw DataException.of("cannot %s in region %s: no answer", what, region());
      }
      case UNSYNCED -> {
        plan.undoLater(undo);
        return request.get();
      }
    }
    throw new IllegalStateException(fault.name());
  }

  @Override
  <T> T request(String what, Supplier<T> request) {
    return request(what, request, () -> {}, () -> {});
  }

  @Override
  public boolean putIfAbsent(String key, Path file) {
    try {
      return putIfAbsent(key, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new DataException("cannot write " + key + ": " + e.getMessage(), e);
    }
  }

  @Override
  public boolean putIfAbsent(String key, byte[] bytes) {
    boolean there = store.size(key).isPresent();
    boolean content = key.matches("(shards|tokens|lists|teachers|tokenizers|forced|work/.*)/.*");
    return request(
        "write " + key,
        () -> store.putIfAbsent(key, bytes),
        () -> {
          if (content && !there) {
            boolean unused = store.putIfAbsent(key, Arrays.copyOf(bytes, bytes.length / 2));
          }
        },
        () -> {
          if (!there) {
            store.delete(key);
          }
        });
  }
}
