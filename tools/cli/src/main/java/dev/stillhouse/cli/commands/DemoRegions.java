package dev.stillhouse.cli.commands;

import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.replicate.ReplicateJob;
import dev.stillhouse.pipeline.job.replicate.ReplicateRequest;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.ReadOptions;
import dev.stillhouse.storage.dataset.verify.Damage;
import dev.stillhouse.storage.dataset.verify.DatasetVerifier;
import dev.stillhouse.storage.dataset.verify.VerifiedPart;
import dev.stillhouse.storage.loader.Cursor;
import dev.stillhouse.storage.loader.StudentLoader;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.replica.DamagedCopy;
import dev.stillhouse.storage.replica.ReadContext;
import dev.stillhouse.storage.replica.ReaderLocation;
import dev.stillhouse.storage.store.SideBySide;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.Link;
import dev.stillhouse.storage.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The demo of regions. The student is in Tokyo, its data in Virginia (home) and Frankfurt. A
 * damaged copy does not reach it, nor does it notice when Virginia goes away; the copy is repaired.
 */
final class DemoRegions {
  private final Terminal terminal;
  private final Path columns;

  DemoRegions(Terminal terminal, Path columns) {
    this.terminal = terminal;
    this.columns = columns;
  }

  /**
   * Replicates, damages, reads an epoch, repairs.
   *
   * @param digests digest and content digest that an epoch must have
   */
  void run(Manifest manifest, String digests) throws IOException {
    Path copy = columns.resolveSibling("columns-copy");
    ReplicateJob.Replicated done =
        ReplicateJob.run(
            new ReplicateRequest(columns.toString(), copy.toString(), "fra", List.of()),
            JobListener.NONE);
    terminal.say(
        "  replicated: %,d blobs, %s, sha256 of each checked on the way",
        done.copied(), Terminal.bytes(done.bytes()));
    flip(columns.resolve(manifest.shards().get(0).key()));
    terminal.say("  one byte of one shard in home is flipped");
    read(digests);
    mend();
  }

  private static void flip(Path shard) throws IOException {
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length / 2] ^= 1;
    Files.write(shard, bytes);
  }

  /** Reads an epoch from Tokyo. The nearer region goes away in the middle of it. */
  private void read(String digests) throws IOException {
    ReaderLocation tokyo = new ReaderLocation(Topology.bundled(), "nrt", "iad", false);
    ReadContext context =
        new ReadContext(Optional.of(tokyo), CostPolicy.TIME, Link.IN_FLIGHT, Optional.empty());
    Path away = columns.resolveSibling("columns-away");
    try (Dataset dataset = Dataset.open(columns.toString(), ReadOptions.DEFAULT.from(context));
        // Not read ahead: the region shall go away before the second half is read.
        StudentLoader loader =
            StudentLoader.open(dataset).seed(DemoCommand.SEED).batch(8).ahead(0).start()) {
      for (long half = dataset.manifest().sequences() / 2; loader.cursor().samples() < half; ) {
        loader.next();
      }
      Files.move(columns, away);
      terminal.say("  a student in Tokyo reads; at half of the epoch Virginia goes away");
      try {
        loader.forEachRemaining(batch -> {});
      } finally {
        Files.move(away, columns);
      }
      Cursor cursor = loader.cursor();
      String read = cursor.digest() + " " + cursor.values();
      for (DamagedCopy damaged : dataset.ledger().damagedCopies()) {
        terminal.say(
            "  the reader met it:  %.20s... in region %s, offset %,d: %s",
            damaged.blob(), damaged.region(), damaged.offset(), damaged.reason());
      }
      terminal.say("  %s", dataset.ledger());
      terminal.say("  the same epoch:     %s", read);
      if (!read.equals(digests) || dataset.ledger().damagedCopies().isEmpty()) {
        throw new DataException("an epoch from two regions is not what one region gave");
      }
    }
  }

  private void mend() {
    try (Dataset dataset = Dataset.open(columns.toString())) {
      List<VerifiedPart.Result> results =
          SideBySide.map(new DatasetVerifier(dataset).parts(), VerifiedPart::repair);
      List<Damage> left = results.stream().flatMap(result -> result.left().stream()).toList();
      if (!left.isEmpty()) {
        throw new DataException("the demo's damaged copy was not repaired: " + left);
      }
      terminal.say(
          "  verify --repair:    %d of %,d parts was repaired and verified again; all are right",
          results.stream().filter(result -> !result.damaged().isEmpty()).count(), results.size());
    }
  }
}
