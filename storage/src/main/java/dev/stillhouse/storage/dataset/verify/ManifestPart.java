package dev.stillhouse.storage.dataset.verify;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.manifest.BlobCopy;
import dev.stillhouse.storage.manifest.ManifestLog;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.MissingBlobException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Verifies one manifest in all regions. A copy is right when it has its checksum and holds nothing
 * impossible. Checksums decide where copies differ. Manifests of before there were checksums have
 * none, and where nothing proves which copy is right, none is taken for it. The lists that a
 * manifest names may come from any region; a wrong copy of a list is reported by the list's own
 * part.
 */
final class ManifestPart extends VerifiedPart {
  private final ManifestLog log;
  private final String key;
  private final List<BlobStore> regions;
  private final Set<String> behind;
  private final Ledger ledger;

  /**
   * Creates a part.
   *
   * @param behind regions that lack it as yet
   */
  ManifestPart(
      ManifestLog log, String key, List<BlobStore> regions, Set<String> behind, Ledger ledger) {
    super(0);
    this.behind = behind;
    this.log = log;
    this.key = key;
    this.regions = regions;
    this.ledger = ledger;
  }

  @Override
  public List<Damage> verify() {
    List<Damage> damages = new ArrayList<>();
    damages.addAll(copies(damages).damages());
    return damages;
  }

  /** Returns the copies that hold nothing impossible, and adds the others to {@code damages}. */
  private RecordCopies copies(List<Damage> damages) {
    RecordCopies copies = new RecordCopies(key);
    for (BlobStore region : regions) {
      if (behind.contains(region.region())) {
        continue;
      }
      try {
        copies.add(region.region(), copy(region));
      } catch (DataException e) {
        damages.add(Damage.of(key, region.region(), e));
      }
    }
    return copies;
  }

  private byte[] copy(BlobStore region) {
    byte[] json =
        new ReplicaReader(ImmutableList.of(region), ledger)
            .readWhole(key, ManifestLog.MAX_BYTES)
            .orElseThrow(() -> new MissingBlobException(region.region(), key));
    log.parse(key, json);
    return json;
  }

  @Override
  void mend(Damage damage) {
    byte[] right = copies(new ArrayList<>()).right();
    BlobCopy.replace(DatasetVerifier.named(regions, damage.region()), key, right);
  }
}
