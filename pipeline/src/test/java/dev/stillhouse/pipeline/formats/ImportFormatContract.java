package dev.stillhouse.pipeline.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.imports.ImportJob;
import dev.stillhouse.pipeline.job.imports.ImportRequest;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every import format must keep. {@code -Dstillhouse.damages=N} damages more or less. */
public abstract class ImportFormatContract {
  private static final int DAMAGES = Integer.getInteger("stillhouse.damages", 1000);

  /** Damages that go through the whole command too. */
  private static final int WHOLE = 5;

  /** Bytes of heap that reading a damaged fixture of some KiB may take. */
  private static final long MAX_ALLOCATED = 64 << 20;

  private static final Pattern CLASS_NAME =
      Pattern.compile("\\b(java|com|org|dev)\\.[a-z]|[a-z](Exception|Error)\\b");

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

  /**
   * Every damage gives an error that names the file and the place, or values that keep the rules,
   * and takes little memory. A few go through the whole command, all through the reader.
   */
  @Test
  @Timeout(600)
  void damageIsNamedOrHarmless() throws IOException {
    Path fixture = fixture(kept());
    byte[] right = Files.readAllBytes(fixture);
    List<StatisticsBatch> before = rows(fixture);
    assertEquals(kept().size(), before.size());
    Random random = new Random(7);
    int named = 0;
    for (int i = 0; i < DAMAGES; i++) {
      Files.delete(fixture); // To write over a file waits for the disk.
      Files.write(fixture, damage(right, random));
      long allocated = Allocated.bytes();
      try {
        if (i < WHOLE) {
          Path out = folder.resolve("damaged-" + i);
          ImportJob.run(request(fixture, out), JobListener.NONE);
          assertEquals(List.of(), Imports.verify(out));
        }
        List<StatisticsBatch> after = rows(fixture);
        if (checksummed()) {
          same(before, after);
        }
      } catch (DataException e) {
        named++;
        assertNamed(fixture, e.getMessage());
      } catch (RuntimeException | OutOfMemoryError e) {
        throw new AssertionError("damage " + i, e);
      }
      assertTrue(i < WHOLE || Allocated.bytes() - allocated < MAX_ALLOCATED, "damage " + i);
    }
    assertTrue(named > 0, "no damage of " + DAMAGES + " was noticed");
  }

  /** Reads all rows as an import does, without a dataset. */
  private List<StatisticsBatch> rows(Path fixture) throws IOException {
    ImportRequest request = request(fixture, folder.resolve("none"));
    ImportFile file =
        new ImportFile(
            fixture, fixture.getFileName().toString(), Files.size(fixture), "", count -> {});
    List<StatisticsBatch> rows = new ArrayList<>();
    try (ImportSource source =
        ImportFormats.named(request.format()).open(request.settings(), ImmutableList.of(file))) {
      SourceFacts facts = source.facts().within(request.errorBound());
      SequenceLook look =
          new SequenceLook(new AlignmentEvidence(request.format(), facts.alignment()));
      source.read(look);
      ImportShape shape =
          new ImportShape(
              ToolSequence.VOCABULARY,
              look.longest(),
              look.widest(),
              request.target(),
              request.normaliseKept());
      SequenceAssembler assembler = new SequenceAssembler(request.format(), facts, shape);
      source.read(sequence -> rows.add(assembler.assemble(sequence, rows.size())));
    }
    return rows;
  }

  private static void same(List<StatisticsBatch> before, List<StatisticsBatch> after) {
    assertEquals(before.size(), after.size());
    for (int row = 0; row < before.size(); row++) {
      assertArrayEquals(before.get(row).tokens().tokens(), after.get(row).tokens().tokens());
      assertArrayEquals(before.get(row).offsets(), after.get(row).offsets());
      assertArrayEquals(before.get(row).ids(), after.get(row).ids());
      assertArrayEquals(before.get(row).logProbs(), after.get(row).logProbs());
    }
  }

  private static void assertNamed(Path fixture, String message) {
    String name = fixture.getFileName().toString();
    int at = message.indexOf(name);
    assertTrue(at >= 0 && message.length() > at + name.length() + 2, message);
    assertFalse(CLASS_NAME.matcher(message).find(), message);
  }

  /** Damages a fixture; a format with checksums may damage what they cover before they are made. */
  protected byte[] damage(byte[] right, Random random) throws IOException {
    return damaged(right, random);
  }

  /** Changes bits or bytes at a random place, or cuts there. */
  protected static byte[] damaged(byte[] right, Random random) {
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
