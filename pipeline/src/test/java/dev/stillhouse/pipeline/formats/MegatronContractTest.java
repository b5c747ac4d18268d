package dev.stillhouse.pipeline.formats;

import dev.stillhouse.pipeline.job.imports.ImportRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The contract of Megatron-LM's caches, from an export. */
class MegatronContractTest extends ImportFormatContract {
  @Override
  protected Path fixture(List<ToolSequence> kept) throws IOException {
    Path in = Files.createTempDirectory(folder, "in");
    Path lines = ToolSequence.jsonl(folder.resolve("tokens.jsonl"), kept);
    Imports.run("jsonl", lines, in.resolve("dataset"), Alignment.NEXT);
    Path file = folder.resolve("dp0__1.tar");
    Files.deleteIfExists(file);
    Imports.export("megatron", in.resolve("dataset"), file);
    return file;
  }

  @Override
  protected ImportRequest request(Path fixture, Path out) {
    return Imports.request(
        "megatron",
        fixture,
        out,
        Optional.empty(),
        "tokens",
        folder.resolve("tokens.jsonl").toString());
  }

  @Override
  protected double tolerance() {
    return 20 * SourceFacts.FLOAT16;
  }

  /** Tar headers have sums, ZIP entries have CRC-32, and what is between is not read. */
  @Override
  protected boolean checksummed() {
    return true;
  }
}
