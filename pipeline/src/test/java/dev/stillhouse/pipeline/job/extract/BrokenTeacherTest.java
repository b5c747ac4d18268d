package dev.stillhouse.pipeline.job.extract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.Sets;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.pack.RandomTokens;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A teacher that goes wrong in the middle of a job: it is told where, and no dataset is seen. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrokenTeacherTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "wide, 'sequence 8, position 0: teacher broken gave rows of 301 ids, but says it has 300'",
    "few, 'sequence 11, position 511: teacher broken gave no row for it'",
    "memory, 'Extract failed: the heap of'",
    "stack, 'Extract failed: something is nested too deep'",
    "class, 'Extract failed: a library cannot be loaded (planted)'",
    "late, 'the teacher''s machine is gone'",
  })
  void nothingHalfDoneIsVisible(String fault, String message)
      throws IOException, InterruptedException {
    Set<Thread> before = teachersAtWork();
    for (String how : List.of(fault, fault + ",ahead")) {
      RandomTokens tokens =
          new RandomTokens(300, new Packing(512, 12, null), 12, directory.resolve("tokens"));
      Path out = directory.resolve(how);
      ExtractRequest request =
          new ExtractRequest(
              tokens, "broken:" + how, "top-k:4", "columns", out.toString(), false, List.of());
      DataException e =
          assertThrows(DataException.class, () -> ExtractJob.run(request, JobListener.NONE));
      assertTrue(e.getMessage().contains(message), e.getMessage());
      assertFalse(Files.exists(out.resolve("manifests")), "a version is there");
      assertFalse(Files.exists(out.resolve("shards")), "a shard is there");
      assertThrows(DataException.class, () -> Dataset.open(out.toString()).close());
      try (Stream<Path> files = Files.walk(out)) {
        // Token shards and what is known of the job; of the shard task that failed no more than the
        // answers before the fault, which a machine that is slow enough finds worth keeping.
        assertEquals(
            List.of("identity.json"),
            files
                .filter(Files::isRegularFile)
                .filter(file -> !file.startsWith(out.resolve("tokens")))
                .map(file -> file.getFileName().toString())
                .filter(name -> !name.endsWith(".part"))
                .toList());
      }
      for (int i = 0; i < 300 && !before.containsAll(teachersAtWork()); i++) {
        Thread.sleep(100); // The runner tears down behind the job's end.
      }
      assertEquals(Set.of(), Sets.difference(teachersAtWork(), before), "threads of teachers");
    }
  }

  private static Set<Thread> teachersAtWork() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("stillhouse-teacher"))
        .collect(Collectors.toSet());
  }
}
