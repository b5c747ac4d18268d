package dev.stillhouse.storage.dataset.verify;

import dev.stillhouse.storage.manifest.BlobRecord;
import dev.stillhouse.storage.manifest.LiveBlob;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.manifest.ShardRecord;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.store.BlobStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Verifies a shard and its token shard, in all regions. */
final class ShardPart extends VerifiedPart {
  private final Manifest manifest;
  private final ShardRecord shard;
  private final List<BlobStore> regions;
  private final Set<String> behind;
  private final Ledger ledger;

  /**
   * Creates a part.
   *
   * @param behind regions that may lack it
   */
  ShardPart(
      Manifest manifest,
      ShardRecord shard,
      List<BlobStore> regions,
      Set<String> behind,
      Ledger ledger) {
    super(shard.totals().positions());
    this.behind = behind;
    this.manifest = manifest;
    this.shard = shard;
    this.regions = regions;
    this.ledger = ledger;
  }

  @Override
  public List<Damage> verify() {
    List<Damage> damages = new ArrayList<>();
    boolean proved = false;
    for (BlobStore region : regions) {
      Verifier verifier = new Verifier(region, ledger, manifest);
      List<Damage> found = verifier.bytes(shard);
      if (behind.contains(region.region())) {
        found.stream().filter(d -> region.size(d.blob()).isPresent()).forEach(damages::add);
      } else {
        damages.addAll(found);
      }
      if (found.isEmpty() && !proved) {
        damages.addAll(verifier.statistics(shard));
        proved = true;
      }
    }
    return damages;
  }

  @Override
  void mend(Damage damage) {
    boolean tokens = damage.blob().equals(shard.tokens().key());
    BlobRecord blob = tokens ? shard.tokens().blob() : shard.blob();
    DatasetVerifier.mend(
        regions, ledger, damage.region(), new LiveBlob(damage.blob(), blob.sha256(), blob.bytes()));
  }
}
