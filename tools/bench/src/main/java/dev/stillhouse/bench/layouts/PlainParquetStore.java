package dev.stillhouse.bench.layouts;

import com.google.common.primitives.Ints;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.layout.Projection;
import dev.stillhouse.storage.layout.ShardHeader;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/**
 * Lists of lists, as Parquet's own writer makes them by default (row groups of 128 MB,
 * dictionaries), with snappy. All but provenance is kept. A row group is the smallest unit that is
 * fetched and decoded.
 */
final class PlainParquetStore implements Store {
  @Override
  public String name() {
    return "parquet, snappy";
  }

  @Override
  public boolean layout() {
    return false;
  }

  @Override
  public String keeps() {
    return "everything but what entries are there for";
  }

  @Override
  public void write(Path file, ShardHeader header, StatisticsBatch batch) throws IOException {
    PlainParquetWriter.write(file, header, batch);
  }

  @Override
  public OpenedFile open(ShardHeader header, byte[] file) {
    BytesFile input = new BytesFile(file);
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(new SnappyCodec())
            .withUseHadoopVectoredIo(false)
            .build();
    try {
      return new Lists(
          header, input, options, ParquetFileReader.readFooter(input, options, input.newStream()));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static DataException unreadable(IOException e) {
    return new DataException("plain Parquet cannot be read: " + e, e);
  }

  private record Lists(
      ShardHeader header, BytesFile file, ParquetReadOptions options, ParquetMetadata footer)
      implements OpenedFile {
    @Override
    public Map<Part, Long> parts() {
      try {
        return ParquetParts.of(header, file.file());
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    @Override
    public void scan(Consumer<StatisticsBatch> sink) {
      long first = 0;
      for (int group = 0; group < footer.getBlocks().size(); group++) {
        sink.accept(decode(group, first));
        first += footer.getBlocks().get(group).getRowCount();
      }
    }

    private StatisticsBatch decode(int group, long firstRow) {
      try (ParquetFileReader reader =
              new ParquetFileReader(file, footer, options, file.newStream());
          PageReadStore pages = reader.readRowGroup(group)) {
        return new PlainParquetReader(
                header,
                footer.getFileMetaData().getSchema(),
                footer.getFileMetaData().getCreatedBy(),
                pages)
            .read(firstRow);
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    @Override
    public StatisticsBatch sequence(int row) {
      long first = 0;
      int group = 0;
      while (first + footer.getBlocks().get(group).getRowCount() <= row) {
        first += footer.getBlocks().get(group++).getRowCount();
      }
      return row(decode(group, first), Math.toIntExact(row - first));
    }

    private static StatisticsBatch row(StatisticsBatch all, int row) {
      int length = all.tokens().length();
      int from = row * length;
      int to = from + length;
      int first = all.offsets()[from];
      int[] offsets = Arrays.copyOfRange(all.offsets(), from, to + 1);
      Arrays.setAll(offsets, i -> offsets[i] - first);
      return new StatisticsBatch(
          new TokenBatch(
              all.tokens().firstSequence() + row,
              length,
              Arrays.copyOfRange(all.tokens().tokens(), from, to),
              Arrays.copyOfRange(all.tokens().segments(), from, to)),
          offsets,
          Arrays.copyOfRange(all.ids(), first, all.offsets()[to]),
          Arrays.copyOfRange(all.logProbs(), first, all.offsets()[to]),
          Provenance.NONE,
          Arrays.copyOfRange(all.logTail(), from, to),
          Arrays.copyOfRange(all.entropy(), from, to),
          Arrays.copyOfRange(all.logNormaliser(), from, to),
          Arrays.copyOfRange(all.targetLogProb(), from, to),
          Arrays.stream(all.further())
              .map(values -> Arrays.copyOfRange(values, from, to))
              .toArray(float[][]::new));
    }

    @Override
    public int footerBytes() {
      return ParquetParts.footerBytes(file.file());
    }

    @Override
    public List<ByteRange> ranges(int from, int to, Projection projection) {
      List<ByteRange> ranges = new ArrayList<>();
      long first = 0;
      for (BlockMetaData group : footer.getBlocks()) {
        if (first < to && first + group.getRowCount() > from) {
          for (ColumnChunkMetaData chunk : group.getColumns()) {
            ranges.add(
                new ByteRange(chunk.getStartingPos(), Ints.checkedCast(chunk.getTotalSize())));
          }
        }
        first += group.getRowCount();
      }
      return ranges;
    }
  }
}
