package dev.stillhouse.storage.dataset.verify;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.retention.Pin;
import dev.stillhouse.storage.manifest.BlobCopy;
import dev.stillhouse.storage.manifest.BlobKind;
import dev.stillhouse.storage.manifest.ListRecord;
import dev.stillhouse.storage.manifest.LiveBlob;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.manifest.NeededBlobs;
import dev.stillhouse.storage.manifest.ReplicaList;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.replica.BookedStore;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.NotReachedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies a dataset in all its regions: manifests with their lists of shards, shards with their
 * token shards, fitted teachers and tokenizers, of every version. Bytes are checked in each region.
 * Statistics are checked once, in the first region whose bytes are right, since equal bytes hold
 * the same.
 */
public final class DatasetVerifier {
  /** Stands for all blobs of an unavailable region. */
  public static final String ALL_BLOBS = "*";

  private static final Logger LOG = LoggerFactory.getLogger(DatasetVerifier.class);

  private final Dataset dataset;
  private final ImmutableList<BlobStore> there;
  private final Lag lag;

  public DatasetVerifier(Dataset dataset) {
    this.dataset = dataset;
    this.there =
        dataset.regions().stream()
            .filter(region -> region.unavailableReason().isEmpty())
            .map(region -> new BookedStore(region, dataset.ledger()))
            .collect(ImmutableList.toImmutableList());
    this.lag = Lag.of(there);
  }

  /** Returns the parts of the dataset. Each may be verified in a thread of its own. */
  public List<VerifiedPart> parts() {
    List<VerifiedPart> parts = new ArrayList<>();
    for (BlobStore region : dataset.regions()) {
      region.unavailableReason().ifPresent(why -> parts.add(new AbsentPart(region.region(), why)));
    }
    Set<String> seen = new HashSet<>();
    for (String key : dataset.log().keys()) {
      Set<String> behind = lag.behind(ManifestLog.number(key).orElse(0));
      parts.add(new ManifestPart(dataset.log(), key, there, behind, dataset.ledger()));
      for (ListRecord list : lists(key)) {
        blob(list.live(), behind, seen, parts);
      }
    }
    // From the oldest on: a replica must have a blob from the first version on that names it.
    List<Manifest> versions = versions();
    versions.add(dataset.manifest());
    for (Manifest manifest : versions) {
      Set<String> behind = lag.behind(manifest.version());
      shards(manifest, behind, seen, parts);
      for (LiveBlob blob : NeededBlobs.named(List.of(manifest), dataset.reader())) {
        blob(blob, behind, seen, parts);
      }
    }
    if (dataset.home().unavailableReason().isEmpty()) {
      for (BlobKind kind : BlobKind.values()) {
        check(kind).ifPresent(check -> records(kind.folder(), check, parts));
      }
    }
    return parts;
  }

  /**
   * Returns the check of a record that only home has; empty for blobs that are proved elsewhere.
   */
  private static Optional<BiConsumer<String, byte[]>> check(BlobKind kind) {
    return switch (kind) {
      case REGIONS -> Optional.of(ReplicaList::parse);
      case PIN -> Optional.of(Pin::parse);
      case MANIFEST, LIST, SHARD, TOKENS -> Optional.empty(); // By what the versions name.
      case TOKENIZER, TEACHER, FORCED -> Optional.empty(); // By NeededBlobs.
      case CLAIM, RECEIPT, PART -> Optional.empty(); // By the job that goes on with them.
    };
  }

  private void records(String prefix, BiConsumer<String, byte[]> check, List<VerifiedPart> parts) {
    BlobStore home = there.get(0);
    try {
      home.list(prefix)
          .forEach(key -> parts.add(new RecordPart(home, key, check, dataset.ledger())));
    } catch (DataException e) {
      LOG.debug("home cannot be listed, told as the damage of its other parts", e);
    }
  }

  /** Returns the replicas that lack the newest versions. That is no damage. */
  public List<Behind> behind() {
    List<Behind> behind = new ArrayList<>();
    for (String region : lag.newest().keySet()) {
      List<Long> versions =
          dataset.log().keys().stream()
              .flatMapToLong(key -> ManifestLog.number(key).stream())
              .filter(version -> lag.behind(version).contains(region))
              .boxed()
              .toList();
      if (!versions.isEmpty()) {
        behind.add(new Behind(region, versions));
      }
    }
    return behind;
  }

  private void blob(LiveBlob blob, Set<String> behind, Set<String> seen, List<VerifiedPart> parts) {
    if (seen.add(blob.key())) {
      parts.add(new BlobPart(blob, there, behind, dataset.ledger()));
    }
  }

  /** Returns the lists that a manifest names, also where those lists are damaged. */
  private List<ListRecord> lists(String key) {
    try {
      return dataset.log().lists(key);
    } catch (DataException e) {
      LOG.debug("no copy is a manifest, told as the damage of its own part", e);
      return List.of();
    }
  }

  /** Returns the manifests that can be read. The part of an unreadable one reports it. */
  private List<Manifest> versions() {
    List<Manifest> older = new ArrayList<>();
    for (String key : dataset.log().keys()) {
      try {
        older.add(dataset.log().read(key));
      } catch (DataException e) {
        LOG.debug("passed over here, told as the damage of its own part", e);
      }
    }
    return older;
  }

  private void shards(
      Manifest manifest, Set<String> behind, Set<String> seen, List<VerifiedPart> parts) {
    for (ShardRecord shard : manifest.shards()) {
      if (seen.add(shard.key())) {
        parts.add(new ShardPart(manifest, shard, there, behind, dataset.ledger()));
      }
    }
  }

  /** Replaces a wrong copy in one region by a right one from the others. */
  static void mend(List<BlobStore> regions, Ledger ledger, String region, LiveBlob blob) {
    List<BlobStore> others =
        regions.stream().filter(store -> !store.region().equals(region)).toList();
    if (others.isEmpty()) {
      throw new DataException("there is no other region");
    }
    new BlobCopy(new ReplicaReader(others, ledger), named(regions, region)).replace(blob);
  }

  /** Returns the store of the region of that name. */
  public static BlobStore named(List<BlobStore> regions, String region) {
    return regions.stream()
        .filter(store -> store.region().equals(region))
        .findFirst()
        .orElseThrow();
  }

  /** Reports a region that is unavailable as a whole. */
  private static final class AbsentPart extends VerifiedPart {
    private final Damage damage;

    AbsentPart(String region, String why) {
      super(0);
      this.damage = new Damage(ALL_BLOBS, region, why, NotReachedException.Why.UNREACHABLE.word());
    }

    @Override
    public List<Damage> verify() {
      return List.of(damage);
    }

    @Override
    String unasked(Damage asked) {
      return "bring it back, or copy it anew with replicate --region " + damage.region();
    }

    @Override
    void mend(Damage asked) {
      throw new DataException(unasked(asked));
    }
  }
}
