package dev.stillhouse.pipeline.job.pack;

import dev.stillhouse.pipeline.corpus.CorpusOptions;
import dev.stillhouse.pipeline.job.JobContext;
import dev.stillhouse.pipeline.packing.Packing;
import dev.stillhouse.storage.Hashes;
import java.io.Serializable;

/**
 * What every worker of a pack job needs to know.
 *
 * @param job id of its {@link JobContext}
 * @param store path or URI of the dataset
 * @param tokenizer its name
 * @param tokenizerFingerprint of it; with the name it finds the tokenizer in the dataset
 */
public record PackPlan(
    String job,
    String store,
    CorpusOptions options,
    String tokenizer,
    String tokenizerFingerprint,
    Packing packing)
    implements Serializable {

  /**
   * Returns the name under which receipts lie: all that decides a corpus split's token shards,
   * besides the corpus split.
   */
  public String identity() {
    return Hashes.sha256("pack-1\n" + tokenizerFingerprint + "\n" + packing.canonical());
  }
}
