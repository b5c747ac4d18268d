package dev.stillhouse.pipeline.formats.export;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.github.luben.zstd.Zstd;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.stillhouse.pipeline.formats.pickle.TorchWriter;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.manifest.Manifest;
import dev.stillhouse.storage.statistics.Float16;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code megatron}: one tar of a cache of format 2, as one data-parallel rank saves it: a member an
 * iteration of up to {@value #SAMPLES} sequences, with float16 log-probs, uint16 ids and their 17th
 * bit. The cache has no tokens; {@code export jsonl} writes them.
 */
final class MegatronExport implements ExportFormat {
  private static final int SAMPLES = 16;
  private static final int MAX_VOCABULARY = 1 << 17;
  private static final int LEVEL = 3;
  private static final float NO_ENTRY = -1e4f;

  @Override
  public String name() {
    return "megatron";
  }

  @Override
  public ImmutableList<String> losses(Manifest manifest, StatisticSpec spec) {
    return ImmutableList.<String>builder()
        .addAll(Losses.ofSpec(spec).build())
        .add("the tokens and segments: export jsonl beside it has them")
        .add("the log tail, entropy, normaliser and the targets' log-probs")
        .add("log-probs are rounded to float16, by at most 1/2,048 of their value")
        .build();
  }

  @Override
  public ExportWriter open(Path file, Manifest manifest, StatisticSpec spec) throws IOException {
    if (manifest.vocabulary() > MAX_VOCABULARY) {
      throw UsageException.of(
          "the dataset has %d ids; Megatron's caches have 17 bits for an id, %d at most",
          manifest.vocabulary(), MAX_VOCABULARY);
    }
    return new Writer(file, manifest);
  }

  /** Collects an iteration, and writes it as a member. */
  private static final class Writer implements ExportWriter {
    private final OutputStream out;
    private final int length;
    private final List<StatisticsBatch> batches = new ArrayList<>();
    private final List<Integer> rows = new ArrayList<>();
    private int iteration;

    Writer(Path file, Manifest manifest) throws IOException {
      length = manifest.sequenceLength();
      out =
          new BufferedOutputStream(
              Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16);
      String meta =
          Json.line(
              ImmutableMap.of(
                  "hash",
                  manifest.fingerprint(),
                  "identifiers",
                  ImmutableMap.of("stillhouse", manifest.digest()),
                  "format_version",
                  2,
                  "mbs_save",
                  1,
                  "dp_size_save",
                  1,
                  "gbs_save",
                  SAMPLES));
      member("_meta.json", meta.getBytes(US_ASCII));
    }

    @Override
    public int write(StatisticsBatch batch, int row) throws IOException {
      batches.add(batch);
      rows.add(row);
      if (rows.size() == SAMPLES) {
        put();
      }
      return 1;
    }

    private void put() throws IOException {
      int samples = rows.size();
      int k = 1;
      for (int sample = 0; sample < samples; sample++) {
        for (int t = 0; t < length; t++) {
          k = Math.max(k, entries(sample, t));
        }
      }
      long places = (long) length * samples * k;
      if (places > 1 << 28) {
        throw UsageException.of(
            "an iteration of %d sequences of %d positions with %d entries is too large",
            samples, length, k);
      }
      int n = (int) places;
      ByteBuffer values = ByteBuffer.allocate(2 * n).order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer low = ByteBuffer.allocate(2 * n).order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer high = ByteBuffer.allocate(n);
      for (int t = 0; t < length; t++) {
        for (int sample = 0; sample < samples; sample++) {
          StatisticsBatch batch = batches.get(sample);
          int from = batch.offsets()[rows.get(sample) * length + t];
          int count = entries(sample, t);
          for (int e = 0; e < k; e++) {
            int id = e < count ? batch.ids()[from + e] : -1;
            float value = e < count ? batch.logProbs()[from + e] : NO_ENTRY;
            values.putShort(Float16.narrow(Math.max(value, NO_ENTRY)));
            low.putShort((short) id);
            high.put((byte) (id >>> 16 & 1));
          }
        }
      }
      int[] shape = {length, samples, k};
      TorchWriter payload = new TorchWriter();
      payload.number("format_version", 2);
      payload.tensor("values", "HalfStorage", shape, values.array());
      payload.tensor("indices_low", "uint16", shape, low.array());
      payload.tensor("bit_17", "BoolStorage", shape, high.array());
      member(++iteration + ".pt.zst", Zstd.compress(payload.finish(), LEVEL));
      batches.clear();
      rows.clear();
    }

    private int entries(int sample, int t) {
      int[] offsets = batches.get(sample).offsets();
      int slot = rows.get(sample) * length + t;
      return offsets[slot + 1] - offsets[slot];
    }

    /** Writes a tar member without a time, so that equal data gives equal bytes. */
    private void member(String name, byte[] data) throws IOException {
      byte[] header = new byte[512];
      put(header, 0, name);
      put(header, 100, "0000644");
      put(header, 108, "0000000");
      put(header, 116, "0000000");
      put(header, 124, String.format(Locale.ROOT, "%011o", data.length));
      put(header, 136, "00000000000");
      put(header, 148, "        ");
      header[156] = '0';
      put(header, 257, "ustar");
      put(header, 263, "00");
      int sum = 0;
      for (byte value : header) {
        sum += value & 0xFF;
      }
      put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
      out.write(header);
      out.write(data);
      out.write(new byte[(512 - data.length % 512) % 512]);
    }

    private static void put(byte[] header, int at, String text) {
      byte[] bytes = text.getBytes(US_ASCII);
      System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    @Override
    public void finish() throws IOException {
      if (!rows.isEmpty()) {
        put();
      }
      out.write(new byte[1024]);
      out.close();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
