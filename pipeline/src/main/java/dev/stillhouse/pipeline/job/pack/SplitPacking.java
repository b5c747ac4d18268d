package dev.stillhouse.pipeline.job.pack;

import dev.stillhouse.pipeline.corpus.CorpusSplit;
import dev.stillhouse.pipeline.corpus.DocumentReader;
import dev.stillhouse.pipeline.job.JobOutput;
import dev.stillhouse.pipeline.job.Meter;
import dev.stillhouse.pipeline.job.ReceiptCheck;
import dev.stillhouse.pipeline.packing.PackTotals;
import dev.stillhouse.pipeline.packing.Packer;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.ShardBlobs;
import dev.stillhouse.storage.manifest.BlobKind;
import dev.stillhouse.storage.manifest.PackReceipt;
import dev.stillhouse.storage.manifest.Receipts;
import dev.stillhouse.storage.manifest.Skipped;
import dev.stillhouse.storage.manifest.SkippedDocument;
import dev.stillhouse.storage.manifest.TokenShardRecord;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.tokens.TokenShardHeader;
import dev.stillhouse.storage.tokens.TokenShardReader;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Packs one corpus split in one thread: documents, tokenizer, packer, token shards. The receipt
 * comes last.
 */
public final class SplitPacking {
  private final PackPlan plan;
  private final BlobStore store;
  private final ShardBlobs blobs;
  private final Receipts<PackReceipt> receipts;
  private final TextTokenizer tokenizer;
  private final Packer.Readers readers;
  private final Meter meter;

  public SplitPacking(PackPlan plan, JobOutput output) {
    this(
        plan,
        output,
        Tokenizers.ofDataset(plan.tokenizer(), plan.tokenizerFingerprint(), output.reader()),
        DocumentReader::of);
  }

  /** Creates a packing with another tokenizer of this fingerprint, and other readers, for tests. */
  SplitPacking(PackPlan plan, JobOutput output, TextTokenizer tokenizer, Packer.Readers readers) {
    this.plan = plan;
    this.store = output.home();
    this.blobs = output.blobs();
    this.receipts = output.receipts(plan.identity(), PackReceipt.class);
    this.tokenizer = tokenizer;
    this.readers = readers;
    this.meter = output.context().meter(PackFn.STAGE);
  }

  /** Packs the corpus split, unless a true receipt says that it is done. */
  public PackReceipt run(CorpusSplit split) {
    meter.checkStop();
    LongCounter counted = new LongCounter(meter);
    PackReceipt receipt =
        receipts
            .find(split.packKey(), found -> check(split, found))
            .orElseGet(() -> pack(split, counted));
    checkSkipped(split, receipt);
    counted.accept(split.bytes());
    return receipt;
  }

  /**
   * Refuses a receipt with documents left out, by an earlier run or another process, if this run
   * must not leave any out.
   */
  private void checkSkipped(CorpusSplit split, PackReceipt receipt) {
    if (receipt.skipped().count() > 0 && !plan.options().skipBad()) {
      throw DataException.of(
          "%s: an earlier run skipped %s; give --on-bad-document skip again, or repair"
              + " the corpus",
          BlobKind.RECEIPT.key(plan.identity() + "/" + split.packKey()), receipt.skipped());
    }
  }

  private PackReceipt pack(CorpusSplit split, LongConsumer progress) {
    SkipLog skipped = new SkipLog();
    Packing packing = plan.packing();
    try (TokenShards shards = new TokenShards(store, header(), packing.shardSequences())) {
      PackTotals totals =
          new Packer(packing, plan.options(), tokenizer, readers)
              .pack(
                  split,
                  (tokens, segments, sources) -> {
                    meter.checkStop();
                    shards.accept(tokens, segments, sources);
                  },
                  skipped,
                  progress);
      return receipts.put(
          split.packKey(),
          new PackReceipt(
              split.contentHash(),
              totals.documents(),
              totals.tokens() + totals.separators(),
              shards.finish(),
              skipped.all));
    }
  }

  /** Adds the growth of a count to a meter. */
  private static final class LongCounter implements LongConsumer {
    private final Meter meter;
    private long told;

    LongCounter(Meter meter) {
      this.meter = meter;
    }

    @Override
    public void accept(long total) {
      if (total > told) {
        meter.add(total - told);
        told = total;
      }
    }
  }

  /** Collects the documents that were left out. */
  private static final class SkipLog implements Consumer<SkippedDocument> {
    private Skipped all = Skipped.NONE;

    @Override
    public void accept(SkippedDocument next) {
      all = all.plus(next);
    }
  }

  private TokenShardHeader header() {
    return new TokenShardHeader(
        tokenizer.fingerprint(), tokenizer.vocabulary(), plan.packing().sequenceLength());
  }

  /** Checks that a receipt is of this corpus split, and that its blobs are in the store. */
  void check(CorpusSplit split, PackReceipt receipt) {
    if (!receipt.unit().equals(split.contentHash())) {
      throw DataException.of("It is the receipt of another corpus split: %s", receipt.unit());
    }
    for (TokenShardRecord shard : receipt.shards()) {
      ReceiptCheck.present(store, shard.key(), shard.blob());
      TokenShardReader reader = new TokenShardReader(blobs.footer(shard.key(), shard.blob()));
      if (!reader.header().equals(header()) || reader.sequences() != shard.sequences()) {
        throw DataException.of("It names %s, which is another token shard", shard.key());
      }
    }
  }
}
