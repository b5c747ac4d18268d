package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.manifest.Identity;
import java.io.Serializable;

/**
 * What every worker that writes shards needs to know.
 *
 * @param job id of its {@link JobContext}
 * @param store path or URI of the dataset
 * @param identity what decides the content
 * @param vocabulary token ids are below this
 * @param sequenceLength positions in a sequence (T)
 */
public record OutputPlan(
    String job, String store, Identity identity, int vocabulary, int sequenceLength)
    implements Serializable {

  public ShardHeader header(ShardTask task) {
    return identity.header(
        vocabulary, sequenceLength, task.firstSequence(), task.tokens().sequences());
  }
}
