package dev.stillhouse.storage.region;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Sets;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads blobs from whichever region has a right copy. What was fetched is verified by the caller's
 * own check before it counts; a copy that is missing, late or damaged is passed over for the next,
 * and a damaged one is avoided from then on.
 */
public final class ReplicaReader {
  private static final long DEADLINE_SECONDS = 60;

  private final ImmutableList<RegionStore> replicas;
  private final Ledger ledger;
  private final Set<String> damaged = Sets.newConcurrentHashSet();

  /**
   * A reader of these copies, in order of preference.
   *
   * @param ledger books what reads cost
   */
  public ReplicaReader(List<RegionStore> replicas, Ledger ledger) {
    this.replicas = ImmutableList.copyOf(replicas);
    this.ledger = ledger;
  }

  /**
   * Turns fetched bytes into a value.
   *
   * @param <T> of the value
   */
  public interface Check<T> {
    /** Throws {@link DamagedBlobException} if the bytes are not what they must be. */
    T accept(List<ByteBuffer> bytes);
  }

  /** Reads ranges that nothing can be checked against: small JSON that is checked when parsed. */
  public List<ByteBuffer> read(String key, List<ByteRange> ranges) {
    return read(key, ranges, bytes -> bytes);
  }

  /** Reads ranges of a blob from the first region whose copy passes {@code check}. */
  public <T> T read(String key, List<ByteRange> ranges, Check<T> check) {
    List<DataException> failures = new ArrayList<>();
    for (RegionStore replica : replicas) {
      if (damaged.contains(replica.region() + "/" + key) && replicas.size() > 1) {
        failures.add(DataException.of("was found damaged before"));
        continue;
      }
      try {
        return check.accept(fetch(replica, key, ranges));
      } catch (DamagedBlobException e) {
        damaged.add(replica.region() + "/" + key);
        failures.add(e);
      } catch (DataException e) {
        failures.add(e);
      }
    }
    throw allFailed(key, failures);
  }

  /**
   * Reads a small blob whole, from the first region that has it.
   *
   * @param most the largest it may be, in bytes
   * @return empty if no region has it
   */
  public Optional<byte[]> readWhole(String key, int most) {
    for (RegionStore replica : replicas) {
      OptionalLong size = replica.size(key);
      if (size.isPresent()) {
        if (size.getAsLong() > most) {
          throw DataException.of(
              "%s in region %s has %d bytes, the limit is %d",
              key, replica.region(), size.getAsLong(), most);
        }
        ByteBuffer bytes = read(key, List.of(new ByteRange(0, (int) size.getAsLong()))).get(0);
        byte[] whole = new byte[bytes.remaining()];
        bytes.get(whole);
        return Optional.of(whole);
      }
    }
    return Optional.empty();
  }

  private List<ByteBuffer> fetch(RegionStore replica, String key, List<ByteRange> ranges) {
    long start = System.nanoTime();
    CompletableFuture<List<ByteBuffer>> pending = replica.read(key, ranges);
    long came = 0; // A request that fails is booked too: a store charges for it.
    try {
      List<ByteBuffer> bytes = pending.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
      came = bytes.stream().mapToLong(ByteBuffer::remaining).sum();
      return bytes;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DataException cause) {
        throw cause;
      }
      throw new DataException(key + ": " + e.getCause(), e);
    } catch (TimeoutException e) {
      pending.cancel(true);
      throw DataException.of("no answer within %d s", DEADLINE_SECONDS);
    } catch (InterruptedException e) {
      pending.cancel(true);
      Thread.currentThread().interrupt();
      throw new DataException("interrupted while reading " + key, e);
    } finally {
      ledger.book(replica.region(), ranges.size(), came, (System.nanoTime() - start) / 1e9);
    }
  }

  private DataException allFailed(String key, List<DataException> failures) {
    if (replicas.size() == 1) {
      return failures.get(0);
    }
    StringBuilder message = new StringBuilder("no region has a right copy of " + key + "; tried:");
    for (int i = 0; i < failures.size(); i++) {
      message
          .append("\n  ")
          .append(replicas.get(i).region())
          .append(": ")
          .append(failures.get(i).getMessage());
    }
    return new DataException(message.toString(), failures.get(0));
  }
}
