package dev.stillhouse.pipeline.formats.megatron;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import dev.stillhouse.pipeline.HeapLimit;
import dev.stillhouse.pipeline.formats.SourceSequence;
import dev.stillhouse.pipeline.formats.pickle.Tensor;
import dev.stillhouse.pipeline.formats.pickle.TorchArchive;
import dev.stillhouse.storage.DataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One rank's log-probs of one iteration, as micro-batches of shape (sequence, sample, K). */
final class Payload {
  /** Values at or below this mark a place without an entry; its id is -1, cut to 17 bits. */
  private static final double NO_ENTRY = -999;

  private static final int NO_ID = (1 << 17) - 1;

  /** One micro-batch, or all of format 2. */
  private record Part(Tensor values, Tensor low, Tensor high) {}

  private final String place;
  private final List<Part> parts = new ArrayList<>();

  /**
   * Inflates and reads a payload.
   *
   * @param place where it is, for errors
   */
  Payload(String place, byte[] packed) {
    this.place = place;
    long size = Zstd.getFrameContentSize(packed);
    if (size <= 0 || size > Integer.MAX_VALUE - 8) {
      throw DataException.of("%s: this is no zstd frame that says its length", place);
    }
    HeapLimit.check(place, size, 3);
    byte[] inflated;
    try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(packed))) {
      inflated = in.readNBytes((int) size); // A damaged frame may claim far more than it has.
    } catch (IOException e) {
      throw new DataException(
          place + ": it cannot be inflated: " + e.getMessage() + "; get the file anew", e);
    }
    if (inflated.length != size) {
      throw DataException.of(
          "%s: its frame claims %d bytes and has %d; get the file anew",
          place, size, inflated.length);
    }
    if (!(TorchArchive.read(place, inflated) instanceof Map<?, ?> map)) {
      throw DataException.of("%s: its pickle is no dict", place);
    }
    Object values = map.get("values");
    if (values instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        add(list.get(i), item(map, "indices_low", i), item(map, "bit_17", i));
      }
    } else {
      add(values, map.get("indices_low"), map.get("bit_17"));
    }
  }

  private @Nullable Object item(Map<?, ?> map, String name, int index) {
    return map.get(name) instanceof List<?> list && index < list.size() ? list.get(index) : null;
  }

  private void add(@Nullable Object values, @Nullable Object low, @Nullable Object high) {
    if (!(values instanceof Tensor v && low instanceof Tensor l && high instanceof Tensor h)
        || v.shape().length != 3
        || !v.isFloat()
        || l.isFloat()
        || h.isFloat()
        || !Arrays.equals(v.shape(), l.shape())
        || !Arrays.equals(v.shape(), h.shape())) {
      throw DataException.of(
          "%s: needs tensors values, indices_low and bit_17 of one shape (sequence, sample, K)",
          place);
    }
    parts.add(new Part(v, l, h));
  }

  /** Returns the number of samples of each micro-batch, in order. */
  List<Integer> samples() {
    return parts.stream().map(part -> part.values().shape()[1]).toList();
  }

  /** Returns the share by which the stored type may have moved a value. */
  double share() {
    return parts.stream().mapToDouble(part -> part.values().share()).max().orElse(0);
  }

  /** Adds the rows of a sample of a micro-batch to a sequence. */
  void rows(int batch, int sample, SourceSequence to) {
    Part part = parts.get(batch);
    int[] shape = part.values().shape();
    for (int t = 0; t < shape[0]; t++) {
      boolean behind = t >= to.tokens();
      if (!behind) {
        to.row();
      }
      for (int k = 0; k < shape[2]; k++) {
        double value = part.values().number(part.values().at(t, sample, k));
        int low = (int) part.low().integer(part.low().at(t, sample, k));
        int high = (int) part.high().integer(part.high().at(t, sample, k));
        int id = (high == 0 ? 0 : 1 << 16) | (low & 0xFFFF);
        if (id == NO_ID && value <= NO_ENTRY) {
          continue;
        }
        if (behind) {
          throw to.wrong(
              "%d tokens, and there are entries at position %d; the tokens are of other samples",
              to.tokens(), t);
        }
        to.entry(id, (float) value);
      }
    }
  }
}
