package dev.stillhouse.pipeline.formats;

import dev.stillhouse.pipeline.job.imports.ImportRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

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
