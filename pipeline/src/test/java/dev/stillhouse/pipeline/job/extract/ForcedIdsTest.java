package dev.stillhouse.pipeline.job.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.file.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForcedIdsTest {
  @TempDir Path directory;

  @Test
  void whatIsStoredIsTheContentAlone() throws IOException {
    Selection one = ForcedIds.select("top-k:2+forced:" + file("7 3\n# openers\n 5#5\t\n"), 10);
    Selection same = ForcedIds.select("top-k:2+forced:" + file("3\n5\n7 7"), 10);
    assertEquals(ImmutableIntArray.of(3, 5, 7), one.forced());
    assertEquals(one, same);
    assertTrue(one.spec().toString().matches("top-k:2\\+forced:[0-9a-f]{64}"));

    try (DirectoryStore store = new DirectoryStore("home", directory.resolve("out"))) {
      ReplicaReader reader = new ReplicaReader(ImmutableList.of(store), new Ledger());
      String statistic = one.spec().toString();
      DataException missing =
          assertThrows(DataException.class, () -> ForcedIds.load(statistic, 10, reader));
      assertTrue(missing.getMessage().contains("missing: the forced ids forced/"));
      ForcedIds.store(one, store);
      assertEquals(one, ForcedIds.load(statistic, 10, reader));
      String key = "forced/" + one.spec().forced().orElseThrow();
      Files.writeString(directory.resolve("out").resolve(key), "4\n");
      assertThrows(DataException.class, () -> ForcedIds.load(statistic, 10, reader));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          3;10 | line 2: token id 10 is outside the vocabulary of 10
          -1 | line 1: token id -1 is outside
          3;4 <tool> | line 2: '<tool>' is no token id
          3.0 | '3.0' is no token id
          # none | has no token id
          99999999999999 | is no token id
          """)
  void namesFileAndLine(String text, String reason) throws IOException {
    Path file = file(text.replace(';', '\n'));
    DataException e =
        assertThrows(DataException.class, () -> ForcedIds.select("forced:" + file, 10));
    assertTrue(e.getMessage().contains("forced ids: '" + file + "'"), e.getMessage());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @Test
  void namesAMissingFile() {
    DataException e =
        assertThrows(
            DataException.class,
            () -> ForcedIds.select("forced:" + directory.resolve("none.txt"), 10));
    assertTrue(e.getMessage().contains("there is no file"), e.getMessage());
    assertThrows(DataException.class, () -> ForcedIds.select("forced:" + directory, 10));
  }

  private Path file(String text) throws IOException {
    return Files.write(directory.resolve("ids.txt"), text.getBytes(UTF_8));
  }
}
