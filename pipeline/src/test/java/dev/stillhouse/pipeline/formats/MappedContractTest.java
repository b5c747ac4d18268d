package dev.stillhouse.pipeline.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.imports.ImportJob;
import dev.stillhouse.pipeline.job.imports.ImportRequest;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of formats of fields. */
class MappedContractTest {
  /** {@code jsonl}. */
  @Nested
  class Jsonl extends ImportFormatContract {
    @Override
    protected Path fixture(List<ToolSequence> kept) throws IOException {
      return ToolSequence.jsonl(folder.resolve("kept.jsonl"), kept);
    }

    @Override
    protected ImportRequest request(Path fixture, Path out) {
      return Imports.request("jsonl", fixture, out, Optional.of(Alignment.NEXT));
    }
  }

  /** {@code parquet}, whose pages have checksums. */
  @Nested
  class Parquet extends ImportFormatContract {
    @Override
    protected Path fixture(List<ToolSequence> kept) throws IOException {
      return exported("parquet", kept, folder);
    }

    @Override
    protected ImportRequest request(Path fixture, Path out) {
      return Imports.request(
          "parquet",
          fixture,
          out,
          Optional.of(Alignment.NEXT),
          "ids",
          "entries.id",
          "log_probs",
          "entries.log_prob");
    }
  }

  /** {@code trl}. */
  @Nested
  class Trl extends ImportFormatContract {
    @Override
    protected Path fixture(List<ToolSequence> kept) throws IOException {
      return exported("trl", kept, folder);
    }

    @Override
    protected ImportRequest request(Path fixture, Path out) {
      return Imports.request("trl", fixture, out, Optional.empty());
    }
  }

  /** {@code axolotl}. */
  @Nested
  class Axolotl extends ImportFormatContract {
    @Override
    protected List<ToolSequence> kept() {
      return ToolSequence.allKept(super.kept());
    }

    @Override
    protected Path fixture(List<ToolSequence> kept) throws IOException {
      return ColumnFixtures.axolotl(folder.resolve("kept.parquet"), kept);
    }

    @Override
    protected ImportRequest request(Path fixture, Path out) {
      return Imports.request("axolotl", fixture, out, Optional.empty());
    }
  }

  /** {@code slime}. */
  @Nested
  class Slime extends ImportFormatContract {
    @Override
    protected List<ToolSequence> kept() {
      return ToolSequence.targets(super.kept());
    }

    @Override
    protected Path fixture(List<ToolSequence> kept) throws IOException {
      return ColumnFixtures.slime(folder.resolve("kept.jsonl"), kept);
    }

    @Override
    protected ImportRequest request(Path fixture, Path out) {
      return Imports.request("slime", fixture, out, Optional.empty());
    }
  }

  /** {@code arcee}. */
  @Nested
  class Arcee extends ImportFormatContract {
    @Override
    protected List<ToolSequence> kept() {
      return ToolSequence.allKept(super.kept());
    }

    @Override
    protected Path fixture(List<ToolSequence> kept) throws IOException {
      return ColumnFixtures.arcee(folder.resolve("kept.parquet"), kept);
    }

    @Override
    protected ImportRequest request(Path fixture, Path out) {
      return Imports.normalised(Imports.request("arcee", fixture, out, Optional.empty()));
    }

    @Override
    protected double tolerance() {
      return 1e-5; // Log-probs are made anew, in double.
    }
  }

  /** A field that is text in the source is refused with what to do, and can be left out. */
  @Test
  void aFieldCanBeLeftOut(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("text.jsonl");
    Files.writeString(
        file,
        "{\"prompt\":\"Once\",\"tokens\":[1,2],\"ids\":[[2],[3]],\"log_probs\":[[-0.5],[-0.5]]}\n");
    DataException refused =
        assertThrows(
            DataException.class,
            () -> Imports.run("jsonl", file, folder.resolve("out"), Alignment.NEXT));
    assertTrue(
        refused.getMessage().contains("text.jsonl: line 1: field 'prompt' is a JSON string"),
        refused.getMessage());
    assertTrue(refused.getMessage().contains("--set prompt=-"), refused.getMessage());
    Path out = folder.resolve("out");
    assertEquals(
        2, Imports.run("jsonl", file, out, Alignment.NEXT, "prompt", "-").sequenceLength());
  }

  /** A source without a sequence is no dataset, also where nothing looks through it first. */
  @Test
  void anEmptySourceIsRefused(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("empty.jsonl"), "\n");
    for (boolean sized : new boolean[] {false, true}) {
      ImportRequest request =
          Imports.sized(
              Imports.request("jsonl", file, folder.resolve("out"), Optional.of(Alignment.NEXT)),
              sized ? OptionalInt.of(8) : OptionalInt.empty());
      DataException refused =
          assertThrows(DataException.class, () -> ImportJob.run(request, JobListener.NONE));
      assertEquals(
          file + ": no sequence of format jsonl is there; name the files that have them",
          refused.getMessage());
      assertFalse(Files.exists(folder.resolve("out/manifests/v00000000000000000001.json")));
    }
  }

  /** Writes a fixture by way of a dataset. */
  static Path exported(String format, List<ToolSequence> kept, Path folder) throws IOException {
    Path in = Files.createTempDirectory(folder, "in");
    Path lines = ToolSequence.jsonl(in.resolve("in.jsonl"), kept);
    Imports.run("jsonl", lines, in.resolve("dataset"), Alignment.NEXT);
    Path file = folder.resolve("kept." + (format.equals("trl") ? "jsonl" : "parquet"));
    Files.deleteIfExists(file);
    Imports.export(format, in.resolve("dataset"), file);
    return file;
  }
}
