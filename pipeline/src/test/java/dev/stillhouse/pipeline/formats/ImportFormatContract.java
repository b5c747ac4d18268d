package dev.stillhouse.pipeline.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.imports.ImportJob;
import dev.stillhouse.pipeline.job.imports.ImportRequest;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every import format must keep. {@code -Dstillhouse.damages=1000} damages each fixture that
 * often; by default it is fewer, for time.
 */
public abstract class ImportFormatContract {
  private static final int DAMAGES = Integer.getInteger("stillhouse.damages", 40);

  @TempDir protected Path folder;

  /** Returns the sequences of the fixture. */
  protected List<ToolSequence> kept() {
    return ToolSequence.some(11, 6, 5);
  }

  /** Writes the fixture. */
  protected abstract Path fixture(List<ToolSequence> kept) throws IOException;

  /** Returns the request that imports a fixture. */
  protected abstract ImportRequest request(Path fixture, Path out);

  /** Returns how far a log-prob of the fixture may be from that of {@link #kept}. */
  protected double tolerance() {
    return 0;
  }

  /** Returns whether the format's checksums cover all bytes that decide values. */
  protected boolean checksummed() {
    return false;
  }

  @Test
  void valuesArriveAtTheirPositions() throws IOException {
    Path out = folder.resolve("out");
    ImportJob.run(request(fixture(kept()), out), JobListener.NONE);
    StatisticsBatch batch = Imports.all(out);
    int length = batch.tokens().length();
    for (int row = 0; row < kept().size(); row++) {
      ToolSequence one = kept().get(row);
      for (int t = 0; t + 1 < one.tokens().length; t++) {
        int slot = row * length + t;
        assertEquals(one.tokens()[t], batch.tokens().tokens()[slot]);
        int from = batch.offsets()[slot];
        assertEquals(one.ids()[t].length, batch.offsets()[slot + 1] - from);
        for (int e = 0; e < one.ids()[t].length; e++) {
          int at = batch.find(slot, one.ids()[t][e]);
          assertTrue(at >= from, "token " + one.ids()[t][e] + " is not kept");
          assertEquals(one.logProbs()[t][e], batch.logProbs()[at], tolerance());
        }
      }
    }
    assertEquals(List.of(), Imports.verify(out));
  }

  @Test
  void theSameFilesGiveTheSameDataset() throws IOException {
    Path fixture = fixture(kept());
    String one =
        ImportJob.run(request(fixture, folder.resolve("one")), JobListener.NONE)
            .manifest()
            .digest();
    String two =
        ImportJob.run(request(fixture, folder.resolve("two")), JobListener.NONE)
            .manifest()
            .digest();
    assertEquals(one, two);
  }

  /** Every damage gives a named error, or the right values. */
  @Test
  @Timeout(600)
  void damageIsNamedOrHarmless() throws IOException {
    Path fixture = fixture(kept());
    byte[] right = Files.readAllBytes(fixture);
    Path clean = folder.resolve("clean");
    ImportJob.run(request(fixture, clean), JobListener.NONE);
    StatisticsBatch before = Imports.all(clean);
    Random random = new Random(7);
    int named = 0;
    for (int i = 0; i < DAMAGES; i++) {
      Files.write(fixture, damaged(right, random));
      Path out = folder.resolve("damaged-" + i);
      try {
        ImportJob.run(request(fixture, out), JobListener.NONE);
        StatisticsBatch after = Imports.all(out);
        assertEquals(List.of(), Imports.verify(out));
        if (checksummed()) {
          assertArrayEquals(before.tokens().tokens(), after.tokens().tokens());
          assertArrayEquals(before.ids(), after.ids());
          assertArrayEquals(before.logProbs(), after.logProbs());
        }
      } catch (DataException e) {
        named++;
        assertTrue(
            e.getMessage().contains(fixture.getFileName().toString())
                || e.getMessage().contains("--alignment"),
            e.getMessage());
      }
    }
    assertTrue(named > 0, "no damage of " + DAMAGES + " was noticed");
  }

  private static byte[] damaged(byte[] right, Random random) {
    byte[] bytes = right.clone();
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(4)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2 -> {
        for (int i = at; i < Math.min(bytes.length, at + 16); i++) {
          bytes[i] = (byte) random.nextInt(256);
        }
      }
      default -> bytes = java.util.Arrays.copyOf(bytes, at);
    }
    return bytes;
  }
}
