package dev.stillhouse.bench.layouts;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * {@link MegatronRecord}s one after another, then the length of each (int32). It keeps ids and
 * log-probs alone: no tokens, tail, other scalars or provenance, no checksum. Megatron's own tar
 * adds 512 bytes and more a record, which are not counted.
 */
final class MegatronStore implements Store {
  static final String NAME = "megatron's record";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean layout() {
    return false;
  }

  @Override
  public String keeps() {
    return "ids and log-probs alone";
  }

  @Override
  public void write(Path file, ShardHeader header, StatisticsBatch batch) throws IOException {
    int length = header.sequenceLength();
    ByteBuffer index =
        ByteBuffer.allocate(Integer.BYTES * header.sequences()).order(ByteOrder.LITTLE_ENDIAN);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int row = 0; row < header.sequences(); row++) {
        byte[] record = MegatronRecord.pack(batch, row * length, length);
        out.write(record);
        index.putInt(record.length);
      }
      out.write(index.array());
    }
  }

  @Override
  public OpenedFile open(ShardHeader header, byte[] file) {
    int records = header.sequences();
    int[] starts = new int[records + 1];
    ByteBuffer lengths = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int index = file.length - Integer.BYTES * records;
    for (int row = 0; row < records; row++) {
      starts[row + 1] = starts[row] + lengths.getInt(index + Integer.BYTES * row);
    }
    return new Records(header, file, starts);
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared, never a key.
  private record Records(ShardHeader header, byte[] file, int[] starts) implements Runs {
    @Override
    public Map<Part, Long> parts() {
      long entries = starts[header.sequences()];
      return Map.of(Part.ENTRIES, entries, Part.CONTAINER, file.length - entries);
    }

    @Override
    public StatisticsBatch read(int from, int to) {
      int length = header.sequenceLength();
      List<ByteBuffer> records =
          IntStream.range(from, to)
              .mapToObj(row -> Arrays.copyOfRange(file, starts[row], starts[row + 1]))
              .map(MegatronRecord::inflate)
              .toList();
      int entries = records.stream().mapToInt(r -> MegatronRecord.entries(r, length)).sum();
      int slots = records.size() * length;
      int[] offsets = new int[slots + 1];
      int[] ids = new int[entries];
      float[] logProbs = new float[entries];
      for (int i = 0; i < records.size(); i++) {
        MegatronRecord.unpack(records.get(i), length, offsets, i * length, ids, logProbs);
      }
      float[] none = new float[slots];
      Arrays.fill(none, Float.NaN);
      TokenBatch tokens =
          new TokenBatch(header.firstSequence() + from, length, new int[slots], new int[slots]);
      return new StatisticsBatch(tokens, offsets, ids, logProbs, none, none, none, none);
    }

    @Override
    public int footerBytes() {
      return Integer.BYTES * header.sequences();
    }

    @Override
    public List<ByteRange> ranges(int from, int to, Projection projection) {
      return List.of(new ByteRange(starts[from], starts[to] - starts[from]));
    }
  }
}
