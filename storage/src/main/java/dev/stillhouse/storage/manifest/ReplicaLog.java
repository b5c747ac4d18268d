package dev.stillhouse.storage.manifest;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import java.util.function.UnaryOperator;

/**
 * The numbered versions of a dataset's {@link ReplicaList}, in its home alone; the newest counts.
 */
public final class ReplicaLog {
  private static final int ATTEMPTS = 100;

  private final VersionLog<ReplicaList> versions;

  /** Creates the log of the dataset in {@code home}. */
  public ReplicaLog(BlobStore home, Ledger ledger) {
    this.versions =
        new VersionLog<>(home, new ReplicaReader(ImmutableList.of(home), ledger), new Lists());
  }

  private static final class Lists implements VersionLog.Grammar<ReplicaList> {
    @Override
    public BlobKind kind() {
      return BlobKind.REGIONS;
    }

    @Override
    public int maxBytes() {
      return 1 << 20;
    }

    @Override
    public ReplicaList parse(String blob, byte[] json) {
      return ReplicaList.parse(blob, json);
    }

    @Override
    public long number(ReplicaList list) {
      return list.version();
    }
  }

  /** Returns the newest list; an empty one if there is none. */
  public ReplicaList latest() {
    return versions.latest().orElseGet(ReplicaList::none);
  }

  /** Adds a replica, also while others add some; nothing changes if it is in the list. */
  public void add(ReplicaRecord region) {
    change(
        list -> list.regions().contains(region) ? list : list.plus(region),
        "region " + region.name() + " could not be added to the list of regions");
  }

  /** Sets the region of the topology that home is in; nothing changes if the list has it. */
  public void home(String region) {
    change(
        list -> list.home().equals(region) ? list : list.at(region),
        "the list of regions could not be changed to say that home is in " + region);
  }

  /** Removes a replica from the list; its blobs stay where they are. */
  public void remove(String region) {
    change(list -> list.without(region), "region " + region + " could not be taken from the list");
  }

  /** Renames a replica, usually to its region of a topology. */
  public void rename(String region, String name) {
    change(list -> list.renamed(region, name), "region " + region + " could not get another name");
  }

  private void change(UnaryOperator<ReplicaList> next, String failed) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      ReplicaList list = latest();
      ReplicaList changed = next.apply(list);
      if (changed.equals(list) || versions.settle(changed) == CommitOutcome.COMMITTED) {
        return;
      }
    }
    throw DataException.of("%s: others changed it meanwhile, %d times", failed, ATTEMPTS);
  }
}
