package dev.stillhouse.storage.replica.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.store.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class CacheDirectoryTest {
  private static final String KEY = "shards/one.parquet";

  @TempDir Path directory;

  private RangeCache cache(long diskBytes) {
    return new RangeCache(0, Optional.of(new CacheDirectory(directory, diskBytes)));
  }

  private List<Path> cachedRanges() throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile).filter(CachedRangeFile::is).toList();
    }
  }

  @Test
  void outlivesTheProcess() {
    FakeBlob blob = new FakeBlob(1, 10_000);
    Random random = new Random(1);
    for (int run = 0; run < 20; run++) {
      RangeCache cache = cache(1 << 20);
      for (int i = 0; i < 5; i++) {
        blob.check(cache, KEY, RangeCacheTest.ranges(random, blob.bytes.length));
      }
    }
    assertTrue(Arrays.stream(blob.fetched).allMatch(times -> times <= 1), "a byte came twice");
  }

  @Test
  void twoThatShareItFetchAByteOnce() throws Exception {
    FakeBlob blob = new FakeBlob(2, 10_000);
    Thread[] processes = new Thread[2];
    for (int p = 0; p < 2; p++) {
      RangeCache cache = cache(1 << 20);
      Random random = new Random(p);
      processes[p] =
          new Thread(
              () -> {
                for (int i = 0; i < 100; i++) {
                  blob.check(cache, KEY, RangeCacheTest.ranges(random, blob.bytes.length));
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
    Path file = cachedRanges().get(0);
    for (int i = 0; i < 1000; i += 97) {
      byte[] bytes = Files.readAllBytes(cachedRanges().get(0));
      bytes[i] ^= 1;
      Files.write(cachedRanges().get(0), bytes);
      blob.check(cache(1 << 20), KEY, all);
    }
    assertEquals(file, cachedRanges().get(0));
    assertEquals(12, blob.calls.get());
  }

  @Test
  void aFileThatWasCutIsFetchedAgain() throws IOException {
    FakeBlob blob = new FakeBlob(4, 1000);
    List<ByteRange> all = List.of(new ByteRange(0, 1000));
    blob.check(cache(1 << 20), KEY, all);
    Files.write(cachedRanges().get(0), new byte[10]);
    blob.check(cache(1 << 20), KEY, all);
    assertEquals(2, blob.calls.get());
  }

  @Test
  void keepsItsLimit() throws IOException {
    RangeCache cache = cache(50_000);
    for (int i = 0; i < 40; i++) {
      FakeBlob blob = new FakeBlob(i, 5_000);
      blob.check(cache, "shards/" + i, List.of(new ByteRange(0, 5_000)));
      long sum = 0;
      for (Path cachedRange : cachedRanges()) {
        sum += Files.size(cachedRange);
      }
      assertTrue(sum <= 50_000 + 50_000 / 16 + 5_000, sum + " bytes");
    }
    assertTrue(cachedRanges().size() >= 8, cachedRanges().size() + " pieces are left");
  }

  @Test
  void theLongestUnusedGoesFirst() throws IOException {
    List<ByteRange> all = List.of(new ByteRange(0, 1800));
    List<FakeBlob> blobs = new ArrayList<>();
    Instant old = Instant.now().minus(Duration.ofHours(1));
    for (int i = 0; i < 5; i++) {
      FakeBlob blob = new FakeBlob(i, 1800);
      blobs.add(blob);
      blob.check(cache(10_000), "shards/" + i, all);
      for (Path cachedRange : cachedRanges()) {
        if (cachedRange.startsWith(directory.resolve("shards/" + i))) {
          Files.setLastModifiedTime(cachedRange, FileTime.from(old.plusSeconds(i)));
        }
      }
    }
    blobs.get(0).check(cache(10_000), "shards/0", all);
    new FakeBlob(5, 1800).check(cache(10_000), "shards/5", all);
    blobs.get(0).check(cache(10_000), "shards/0", all);
    assertEquals(1, blobs.get(0).calls.get(), "it was used after the others");
    blobs.get(1).check(cache(10_000), "shards/1", all);
    assertEquals(2, blobs.get(1).calls.get());
  }

  /** What a store gave wrong has the right checksum here, so it must go from the directory too. */
  @Test
  void whatIsForgottenIsFetchedAgainByAll() {
    List<ByteRange> all = List.of(new ByteRange(0, 1000));
    RangeCache cache = cache(1 << 20);
    new FakeBlob(10, 1000).check(cache, KEY, all);
    cache.forget(KEY, List.of(new ByteRange(500, 1)));
    FakeBlob right = new FakeBlob(11, 1000);
    right.check(cache, KEY, all);
    right.check(cache(1 << 20), KEY, all);
    assertEquals(1, right.calls.get());
  }

  @Test
  void whereNothingCanBeWrittenReadingGoesOn() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "no directory");
    FakeBlob blob = new FakeBlob(5, 100);
    RangeCache cache = new RangeCache(0, Optional.of(new CacheDirectory(file, 1 << 20)));
    blob.check(cache, KEY, List.of(new ByteRange(0, 100)));
    blob.check(cache, KEY, List.of(new ByteRange(0, 100)));
    assertEquals(2, blob.calls.get());
  }

  @Test
  void aDirectoryThatGoesAwayIsNoError() throws IOException {
    FakeBlob blob = new FakeBlob(6, 100);
    RangeCache cache = cache(1 << 20);
    blob.check(cache, KEY, List.of(new ByteRange(0, 50)));
    for (Path cachedRange : cachedRanges()) {
      Files.delete(cachedRange);
    }
    blob.check(cache, KEY, List.of(new ByteRange(0, 100)));
  }

  /** All of it, while it is used, as when a disk is taken away. */
  @Test
  void aDirectoryThatVanishesIsDoneWithout() throws IOException {
    FakeBlob blob = new FakeBlob(7, 1000);
    RangeCache cache = cache(1 << 20);
    blob.check(cache, KEY, List.of(new ByteRange(0, 500)));
    MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    for (int i = 0; i < 3; i++) {
      blob.check(cache, KEY, List.of(new ByteRange(0, 1000)));
    }
    Files.writeString(directory, "a file now");
    blob.check(cache, KEY, List.of(new ByteRange(0, 1000)));
    blob.check(cache(1 << 20), KEY, List.of(new ByteRange(0, 1000)));
  }

  /** Where files cannot be made any more, as on a full or read-only disk, what is there serves. */
  @Test
  void whatIsThereServesWhereNothingMoreCanBeWritten() throws IOException {
    FakeBlob blob = new FakeBlob(8, 1000);
    blob.check(cache(1 << 20), KEY, List.of(new ByteRange(0, 500)));
    Files.delete(directory.resolve("tmp"));
    Files.writeString(directory.resolve("tmp"), "no directory");
    RangeCache cache = cache(1 << 20);
    for (int i = 0; i < 3; i++) {
      blob.check(cache, KEY, List.of(new ByteRange(0, 1000)));
    }
    assertEquals(1, Arrays.stream(blob.fetched).limit(500).max().orElseThrow());
    assertEquals(3, blob.fetched[999], "the rest is fetched each time");
  }

  /** A clock that was set back makes files of the future; they are read, and go when it is full. */
  @Test
  void filesOfTheFutureAreRight() throws IOException {
    FakeBlob blob = new FakeBlob(9, 1000);
    blob.check(cache(1 << 20), KEY, List.of(new ByteRange(0, 1000)));
    Files.setLastModifiedTime(
        cachedRanges().get(0), FileTime.from(Instant.now().plus(Duration.ofDays(3650))));
    RangeCache cache = cache(2000);
    blob.check(cache, KEY, List.of(new ByteRange(0, 1000)));
    for (int i = 0; i < 20; i++) {
      FakeBlob other = new FakeBlob(i, 500);
      other.check(cache, "shards/" + i, List.of(new ByteRange(0, 500)));
    }
    long sum = 0;
    for (Path cachedRange : cachedRanges()) {
      sum += Files.size(cachedRange);
    }
    assertTrue(sum <= 2000 + 2000 / 16 + 500, sum + " bytes");
    assertEquals(1, blob.calls.get());
  }

  @Test
  void whoWaitsForAnotherReaderSaysForWhat() throws InterruptedException {
    String key = "shards/waited-for.parquet";
    CacheLocks others = new CacheLocks(directory.resolve("lock"));
    Thread waiting = new Thread(() -> others.hold(key).close());
    try (CacheLocks.Held held = new CacheLocks(directory.resolve("lock")).hold(key)) {
      waiting.start();
      while (said(key).isEmpty()) {
        Thread.sleep(1);
      }
      assertTrue(said(key).get(0).contains("the cache at " + directory), said(key).toString());
    }
    waiting.join();
    assertEquals(List.of(), said(key));
  }

  private static List<String> said(String key) {
    return Waits.OF_PROCESS.lasting(Duration.ZERO).stream()
        .filter(wait -> wait.startsWith(key + ", which another reader is fetching into "))
        .toList();
  }

  /** However many blobs are fetched at once, none waits for another's. */
  @Test
  void noBlobWaitsForAnother() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), // Who waits does so for two minutes.
        () -> {
          CacheLocks some = new CacheLocks(directory.resolve("lock"));
          CacheLocks others = new CacheLocks(directory.resolve("lock"));
          List<CacheLocks.Held> held = new ArrayList<>();
          for (int i = 0; i < 500; i++) {
            held.add((i % 2 == 0 ? some : others).hold("shards/" + i));
          }
          held.forEach(CacheLocks.Held::close);
        });
  }
}
