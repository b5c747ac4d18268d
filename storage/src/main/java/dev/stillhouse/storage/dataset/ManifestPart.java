package dev.stillhouse.storage.dataset;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.region.Ledger;
import dev.stillhouse.storage.region.MissingBlobException;
import dev.stillhouse.storage.region.RegionStore;
import dev.stillhouse.storage.region.ReplicaReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One manifest, in all regions. Nothing names its hash, so a copy is right when it says nothing
 * impossible (its digest follows from its shards) and equals the first such copy, home's before
 * others'. The lists that it names may come from any region: what is wrong with a copy of these is
 * the damage of their own part.
 */
final class ManifestPart extends VerifiedPart {
  private final ManifestLog log;
  private final String key;
  private final List<RegionStore> regions;
  private final Ledger ledger;

  ManifestPart(ManifestLog log, String key, List<RegionStore> regions, Ledger ledger) {
    super(0);
    this.log = log;
    this.key = key;
    this.regions = regions;
    this.ledger = ledger;
  }

  @Override
  public List<Damage> verify() {
    List<Damage> damages = new ArrayList<>();
    byte[] right = new byte[0];
    for (RegionStore region : regions) {
      try {
        byte[] copy = copy(region);
        right = right.length == 0 ? copy : right;
        if (!Arrays.equals(copy, right)) {
          throw new DamagedBlobException(key, 0, "it is not what the regions before it have");
        }
      } catch (DataException e) {
        damages.add(new Damage(key, region.region(), e.getMessage()));
      }
    }
    return damages;
  }

  private byte[] copy(RegionStore region) {
    byte[] json =
        new ReplicaReader(ImmutableList.of(region), ledger)
            .readWhole(key, ManifestLog.MOST_BYTES)
            .orElseThrow(() -> new MissingBlobException(region.region(), key));
    log.parse(key, json);
    return json;
  }

  @Override
  void mend(Damage damage) {
    byte[] right = new ManifestLog(regions.get(0), new ReplicaReader(regions, ledger)).bytes(key);
    BlobCopy.replace(DatasetVerifier.named(regions, damage.region()), key, right);
  }
}
