package dev.stillhouse.storage.layout;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.parquet.Footer;
import dev.stillhouse.storage.parquet.SealedFile;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A shard in memory, and what a manifest knows of it.
 *
 * @param footerBytes length of its tail
 * @param footerCrc32c what the tail's CRC32C must be
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier: never compared, never a key.
record SealedShard(byte[] bytes, int footerBytes, int footerCrc32c) {
  /** Its name in errors. */
  static final String BLOB = "blob";

  /** Writes a batch as the only one of a shard. */
  static SealedShard write(Layout layout, ShardHeader header, StatisticsBatch batch) {
    try {
      Path directory = Files.createTempDirectory("shard");
      Path file = directory.resolve("shard.parquet");
      try (ShardWriter writer = layout.writer(file, header)) {
        writer.write(batch);
        SealedFile sealed = writer.finish();
        return new SealedShard(
            Files.readAllBytes(file), sealed.footerBytes(), sealed.footerCrc32c());
      } finally {
        Files.deleteIfExists(file);
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The header of a shard of this batch. */
  static ShardHeader header(
      Layout layout, String statistic, int vocabulary, StatisticsBatch batch) {
    TokenBatch tokens = batch.tokens();
    return new ShardHeader(
        layout.name(),
        statistic,
        "plain-1",
        "teacher",
        "tokenizer",
        vocabulary,
        tokens.firstSequence(),
        tokens.sequences(),
        tokens.length());
  }

  Footer footer() {
    ByteRange tail = Footer.range(BLOB, bytes.length, footerBytes);
    return Footer.parse(BLOB, bytes.length, slice(tail), footerCrc32c);
  }

  ShardReader open() {
    return Layouts.reader(footer());
  }

  StatisticsBatch read(int from, int to, Projection projection) {
    ShardReader reader = open();
    return reader.decode(from, to, projection, fetch(reader.ranges(from, to, projection)));
  }

  List<ByteBuffer> fetch(List<ByteRange> ranges) {
    return ranges.stream().map(this::slice).toList();
  }

  /** Compares all its bytes with the checksums of its footer. */
  void checkBody() {
    Footer footer = footer();
    footer.body(1 << 20).forEach(range -> footer.check(range.offset(), slice(range)));
  }

  private ByteBuffer slice(ByteRange range) {
    return ByteBuffer.wrap(bytes, Math.toIntExact(range.offset()), range.length()).slice();
  }
}
