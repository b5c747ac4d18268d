package dev.stillhouse.pipeline.job.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillhouse.pipeline.corpus.CorpusOptions;
import dev.stillhouse.pipeline.corpus.CorpusPlan;
import dev.stillhouse.pipeline.corpus.CorpusSplit;
import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.manifest.PackReceipt;
import dev.stillhouse.storage.manifest.Receipts;
import dev.stillhouse.storage.manifest.TokenShardRecord;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is believed of a corpus split that an earlier run has packed. */
class SplitPackingTest {
  private static final CorpusOptions OPTIONS = CorpusOptions.defaults(null);

  @TempDir Path directory;

  private static PackPlan plan(int length) {
    String gpt2 = Tokenizers.named("gpt2").fingerprint();
    return new PackPlan("pack", "", OPTIONS, "gpt2", gpt2, new Packing(length, 4, null));
  }

  private CorpusSplit unit(String name, int sentences) throws IOException {
    Path text = Files.writeString(directory.resolve(name), "Call me Ishmael. ".repeat(sentences));
    return CorpusPlan.of(List.of(text.toString()), OPTIONS).splits().get(0);
  }

  @Test
  void aReceiptThatIsNotTrueIsRemovedAndItsUnitPackedAgain() throws IOException {
    CorpusSplit split = unit("a.txt", 20);
    try (JobContext job = JobContext.begin();
        MemoryStore store = new MemoryStore("home")) {
      JobOutput output = new JobOutput(job, "", store);
      Receipts<PackReceipt> receipts = output.receipts(plan(16).identity(), PackReceipt.class);
      SplitPacking packing = new SplitPacking(plan(16), output);
      PackReceipt right = packing.run(split);
      assertEquals(2, right.shards().size());
      assertEquals(right, packing.run(split));

      PackReceipt shorter = new SplitPacking(plan(8), output).run(split);
      PackReceipt other = packing.run(unit("b.txt", 30));
      TokenShardRecord last = right.shards().get(1);
      for (PackReceipt lie :
          List.of(
              other,
              with(right, shorter.shards()),
              with(right, lastWith(right, last.sequences() + 1)),
              with(right, lastWith(right, last.sequences() - 1)))) {
        String key = "work/" + plan(16).identity() + "/" + split.packKey() + ".json";
        store.delete(key);
        receipts.put(split.packKey(), lie);
        assertEquals(right, packing.run(split));
        assertEquals(right, receipts.find(split.packKey(), found -> {}).orElseThrow());
      }
    }
  }

  private static PackReceipt with(PackReceipt receipt, List<TokenShardRecord> shards) {
    return new PackReceipt(
        receipt.unit(), receipt.documents(), receipt.tokens(), shards, receipt.skipped());
  }

  /** Its shards, of which the last is said to have so many sequences. */
  private static List<TokenShardRecord> lastWith(PackReceipt receipt, int sequences) {
    List<TokenShardRecord> shards = new ArrayList<>(receipt.shards());
    TokenShardRecord last = shards.remove(shards.size() - 1);
    shards.add(new TokenShardRecord(last.blob(), last.unitStart(), sequences, last.positions()));
    return shards;
  }
}
