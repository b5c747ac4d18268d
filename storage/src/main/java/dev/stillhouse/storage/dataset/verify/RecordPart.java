package dev.stillhouse.storage.dataset.verify;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.BlobStore;
import java.util.List;
import java.util.function.BiConsumer;

/** Verifies a record that only home has: a version of the replica list, or a pin. */
final class RecordPart extends VerifiedPart {
  private static final int MAX_BYTES = 1 << 20;

  private final BlobStore home;
  private final String key;
  private final BiConsumer<String, byte[]> check;
  private final Ledger ledger;

  /**
   * Creates a part.
   *
   * @param check throws a {@link DataException} if a record of this name cannot be this
   */
  RecordPart(BlobStore home, String key, BiConsumer<String, byte[]> check, Ledger ledger) {
    super(0);
    this.home = home;
    this.key = key;
    this.check = check;
    this.ledger = ledger;
  }

  @Override
  public List<Damage> verify() {
    try {
      new ReplicaReader(ImmutableList.of(home), ledger)
          .readWhole(key, MAX_BYTES)
          .ifPresent(json -> check.accept(key, json)); // Else it went meanwhile.
      return List.of();
    } catch (DataException e) {
      return List.of(new Damage(key, home.region(), e.getMessage()));
    }
  }

  @Override
  void mend(Damage damage) {
    throw new DataException("no other region has it; remove it, and say again what it said");
  }
}
