package dev.stillhouse.storage.loader;

import com.google.common.collect.ImmutableList;
import com.google.common.io.BaseEncoding;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.loader.order.Order;
import dev.stillhouse.storage.loader.order.ShuffleSpec;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ShardRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One corpus with the statistics of one or more teachers, in an order of its own. For one thread.
 */
final class Source {
  private final ImmutableList<Dataset> teachers;
  private final Manifest manifest;
  private final ShuffleSpec shuffling;
  private final long seed;
  private final byte[] fingerprint;
  private @Nullable Order order;
  private long epoch = -1;

  /**
   * Creates a source.
   *
   * @param teachers datasets of the same sequences, one or more
   */
  Source(List<Dataset> teachers, ShuffleSpec shuffling, long seed) {
    this.teachers = ImmutableList.copyOf(teachers);
    this.manifest = teachers.get(0).manifest();
    this.shuffling =
        shuffling.resolved(
            manifest.shards().stream().mapToInt(ShardRecord::sequences).max().orElse(0));
    this.seed = seed;
    this.fingerprint = BaseEncoding.base16().lowerCase().decode(manifest.fingerprint());
  }

  ImmutableList<Dataset> teachers() {
    return teachers;
  }

  Manifest manifest() {
    return manifest;
  }

  ShuffleSpec shuffling() {
    return shuffling;
  }

  /** Returns the number of sequences of an epoch. */
  long sequences() {
    return manifest.sequences();
  }

  /** Returns the sequence at a position of an epoch. */
  long sequence(long inEpoch, long position) {
    Order known = order;
    if (known == null || epoch != inEpoch) {
      known = shuffling.order(sequences(), seed, inEpoch, fingerprint);
      order = known;
      epoch = inEpoch;
    }
    return known.record(position);
  }
}
