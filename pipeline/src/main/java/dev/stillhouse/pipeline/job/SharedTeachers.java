package dev.stillhouse.pipeline.job;

import com.google.common.io.ByteSource;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.TeacherName;
import dev.stillhouse.pipeline.teacher.Teachers;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.manifest.BlobKind;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.Waits;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The teachers of a job in this JVM. All DoFns share one instance of each: it is opened for the
 * first and closed after the last.
 */
public final class SharedTeachers {
  private static final int MAX_BLOB_BYTES = 1 << 30;
  private final Map<String, Held> held = new HashMap<>();

  private static final class Held {
    final Teacher teacher;
    int leases;

    Held(Teacher teacher) {
      this.teacher = teacher;
    }
  }

  /** The right to use a teacher until {@link #close}. */
  public record Lease(SharedTeachers teachers, String key, Teacher teacher)
      implements AutoCloseable {
    @Override
    public void close() {
      teachers.end(key);
    }
  }

  /** Returns the key of a fitted teacher's blob. */
  public static String key(String sha256) {
    return BlobKind.TEACHER.key(sha256);
  }

  /** Leases the teacher of that name, with its blob if it has one. */
  public Lease lease(String name, String blob, ReplicaReader reader) {
    String key = name + " " + blob;
    synchronized (held) {
      Held shared = held.computeIfAbsent(key, k -> new Held(open(name, blob, reader)));
      shared.leases++;
      return new Lease(this, key, shared.teacher);
    }
  }

  private void end(String key) {
    synchronized (held) {
      Held shared = held.get(key);
      if (shared != null && --shared.leases == 0) {
        held.remove(key);
        shared.teacher.close();
      }
    }
  }

  private static Teacher open(String name, String blob, ReplicaReader reader) {
    TeacherName parsed = TeacherName.parse(name);
    try (Waits.Wait wait = Waits.OF_PROCESS.on("the teacher " + name + " to be opened")) {
      return Teachers.named(parsed.name())
          .open(
              parsed.argument(),
              blob.isEmpty() ? Optional.empty() : Optional.of(read(key(blob), blob, reader)));
    }
  }

  private static ByteSource read(String key, String sha256, ReplicaReader reader) {
    return reader
        .readWhole(key, MAX_BLOB_BYTES, blob -> checked(key, sha256, blob))
        .map(ByteSource::wrap)
        .orElseThrow(
            () ->
                DataException.of(
                    "missing: the fitted teacher %s; verify --repair brings it back where another"
                        + " region has it",
                    key));
  }

  private static byte[] checked(String key, String sha256, byte[] blob) {
    if (!Hashes.sha256(blob).equals(sha256)) {
      throw new DamagedBlobException(key, 0, "its sha256 is " + Hashes.sha256(blob));
    }
    return blob;
  }
}
