package dev.stillhouse.storage.dataset.verify;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.manifest.LiveBlob;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Verifies a blob that is right or wrong as a whole, in all regions: a list of shards, a teacher, a
 * tokenizer.
 */
final class BlobPart extends VerifiedPart {
  private final LiveBlob blob;
  private final List<BlobStore> regions;
  private final Set<String> behind;
  private final Ledger ledger;

  /**
   * Creates a part.
   *
   * @param behind regions that may lack it
   */
  BlobPart(LiveBlob blob, List<BlobStore> regions, Set<String> behind, Ledger ledger) {
    super(0);
    this.behind = behind;
    this.blob = blob;
    this.regions = regions;
    this.ledger = ledger;
  }

  @Override
  public List<Damage> verify() {
    List<Damage> damages = new ArrayList<>();
    for (BlobStore region : regions) {
      try {
        if (behind.contains(region.region()) && region.size(blob.key()).isEmpty()) {
          continue;
        }
        new ReplicaReader(List.of(region), ledger).check(blob.key(), blob.sha256());
      } catch (DataException e) {
        damages.add(Damage.of(blob.key(), region.region(), e));
      }
    }
    return damages;
  }

  @Override
  void mend(Damage damage) {
    DatasetVerifier.mend(regions, ledger, damage.region(), blob);
  }
}
