package dev.stillhouse.storage.region.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheDirectoryTest {
  private static final String KEY = "shards/one.parquet";

  @TempDir Path directory;

  private PieceCache cache(long diskBytes) {
    return new PieceCache(0, Optional.of(new CacheDirectory(directory, diskBytes)));
  }

  private List<Path> pieces() throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile).filter(PieceFile::is).toList();
    }
  }

  @Test
  void outlivesTheProcess() {
    FakeBlob blob = new FakeBlob(1, 10_000);
    Random random = new Random(1);
    for (int run = 0; run < 20; run++) {
      PieceCache cache = cache(1 << 20);
      for (int i = 0; i < 5; i++) {
        blob.check(cache, KEY, PieceCacheTest.ranges(random, blob.bytes.length));
      }
    }
    assertTrue(Arrays.stream(blob.fetched).allMatch(times -> times <= 1), "a byte came twice");
  }

  @Test
  void twoThatShareItFetchAByteOnce() throws Exception {
    FakeBlob blob = new FakeBlob(2, 10_000);
    Thread[] processes = new Thread[2];
    for (int p = 0; p < 2; p++) {
      PieceCache cache = cache(1 << 20);
      Random random = new Random(p);
      processes[p] =
          new Thread(
              () -> {
                for (int i = 0; i < 100; i++) {
                  blob.check(cache, KEY, PieceCacheTest.ranges(random, blob.bytes.length));
                }
              });
    }
    for (Thread process : processes) {
      process.start();
    }
    for (Thread process : processes) {
      process.join();
    }
    assertTrue(Arrays.stream(blob.fetched).allMatch(times -> times <= 1), "a byte came twice");
  }

  @Test
  void aFlippedBitIsFetchedAgain() throws IOException {
    FakeBlob blob = new FakeBlob(3, 1000);
    List<ByteRange> all = List.of(new ByteRange(0, 1000));
    blob.check(cache(1 << 20), KEY, all);
    Path file = pieces().get(0);
    for (int i = 0; i < 1000; i += 97) {
      byte[] bytes = Files.readAllBytes(pieces().get(0));
      bytes[i] ^= 1;
      Files.write(pieces().get(0), bytes);
      blob.check(cache(1 << 20), KEY, all);
    }
    assertEquals(file, pieces().get(0));
    assertEquals(12, blob.calls.get());
  }

  @Test
  void aFileThatWasCutIsFetchedAgain() throws IOException {
    FakeBlob blob = new FakeBlob(4, 1000);
    List<ByteRange> all = List.of(new ByteRange(0, 1000));
    blob.check(cache(1 << 20), KEY, all);
    Files.write(pieces().get(0), new byte[10]);
    blob.check(cache(1 << 20), KEY, all);
    assertEquals(2, blob.calls.get());
  }

  @Test
  void keepsItsLimit() throws IOException {
    PieceCache cache = cache(50_000);
    for (int i = 0; i < 40; i++) {
      FakeBlob blob = new FakeBlob(i, 5_000);
      blob.check(cache, "shards/" + i, List.of(new ByteRange(0, 5_000)));
      long sum = 0;
      for (Path piece : pieces()) {
        sum += Files.size(piece);
      }
      assertTrue(sum <= 50_000 + 50_000 / 16 + 5_000, sum + " bytes");
    }
    assertTrue(pieces().size() >= 8, pieces().size() + " pieces are left");
  }

  @Test
  void whereNothingCanBeWrittenReadingGoesOn() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "no directory");
    FakeBlob blob = new FakeBlob(5, 100);
    PieceCache cache = new PieceCache(0, Optional.of(new CacheDirectory(file, 1 << 20)));
    blob.check(cache, KEY, List.of(new ByteRange(0, 100)));
    blob.check(cache, KEY, List.of(new ByteRange(0, 100)));
    assertEquals(2, blob.calls.get());
  }

  @Test
  void aDirectoryThatGoesAwayIsNoError() throws IOException {
    FakeBlob blob = new FakeBlob(6, 100);
    PieceCache cache = cache(1 << 20);
    blob.check(cache, KEY, List.of(new ByteRange(0, 50)));
    for (Path piece : pieces()) {
      Files.delete(piece);
    }
    blob.check(cache, KEY, List.of(new ByteRange(0, 100)));
  }
}
