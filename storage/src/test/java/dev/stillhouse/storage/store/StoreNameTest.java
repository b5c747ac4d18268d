package dev.stillhouse.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.store.s3.S3Name;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreNameTest {
  @TempDir Path directory = Path.of("unset");

  @ParameterizedTest
  @CsvSource({
    "a/b, a/b, b, false",
    "/a/b, /a/b, b, true",
    "file:///a/b, /a/b, b, true",
    "c:, c:, c:, false",
    "s3://bucket, s3://bucket, bucket, true",
    "s3://bucket/, s3://bucket, bucket, true",
    "s3://bucket.of-mine/a/b/, s3://bucket.of-mine/a/b, b, true",
    "memory:x, memory:x, x, true",
  })
  void readsNames(String name, String canonical, String last, boolean absolute) {
    StoreName parsed = StoreName.parse(name);
    assertEquals(canonical, parsed.toString());
    assertEquals(last, parsed.lastPart());
    assertEquals(absolute, parsed.absolute());
    assertEquals(parsed, StoreName.parse(parsed.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\u0000b",
        "http://host/x",
        "gs://bucket/x",
        "file:relative",
        "file://host/x",
        "file:///a%00b",
        "s3:bucket/x",
        "s3:/bucket/x",
        "s3://",
        "s3:///x",
        "s3://ab",
        "s3://Bucket/x",
        "s3://-bucket/x",
        "s3://bucket-/x",
        "s3://buck..et/x",
        "s3://127.0.0.1/x",
        "s3://id:secret@bucket/x",
        "s3://bucket:80/x",
        "s3://bucket?x",
        "s3://bucket/..",
        "s3://bucket/a/../b",
        "s3://bucket//a",
        "s3://bucket/a//b",
        "s3://bucket/a//",
        "s3://bucket/.a",
        "s3://bucket/a b",
        "s3://bucket/a%2e",
        "s3://bucket/a\\b",
        "s3://bucket/\u00e9",
        "memory:",
        "memory:/x",
        "memory:..",
        "memory://x",
      })
  void refusesWhatNamesNoStore(String name) {
    UsageException error = assertThrows(UsageException.class, () -> StoreName.parse(name));
    assertFalse(String.valueOf(error.getMessage()).contains("secret"), error.getMessage());
  }

  @Test
  void refusesLongPrefixes() {
    assertEquals(
        511, ((S3Name) StoreName.parse("s3://bucket/" + "a".repeat(511))).prefix().length());
    assertThrows(UsageException.class, () -> StoreName.parse("s3://bucket/" + "a".repeat(512)));
  }

  @Test
  void knowsWhatLiesInWhat() {
    List<String> inner = List.of("/a/b", "s3://bucket/a/b", "s3://bucket/b");
    List<String> outer = List.of("/a", "s3://bucket/a", "s3://bucket");
    for (int i = 0; i < inner.size(); i++) {
      for (int j = 0; j < outer.size(); j++) {
        boolean lies = i == j || (i == 1 && j == 2);
        StoreName in = StoreName.parse(inner.get(i));
        StoreName out = StoreName.parse(outer.get(j));
        assertEquals(lies, in.liesIn(out), in + " in " + out);
        assertFalse(out.liesIn(in), out + " in " + in);
      }
    }
    assertFalse(StoreName.parse("s3://bucket/ab").liesIn(StoreName.parse("s3://bucket/a")));
    assertFalse(StoreName.parse("s3://bucket/a").liesIn(StoreName.parse("s3://bucket/a")));
    assertFalse(StoreName.parse("memory:ab").liesIn(StoreName.parse("memory:a")));
  }

  @Test
  void findsRealPlaces() throws IOException {
    Path real = Files.createDirectory(directory.toRealPath().resolve("real"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);
    assertEquals(
        real.resolve("x/y").toString(), StoreName.parse(link + "/x/z/../y").real().toString());
    assertEquals("s3://bucket/a", StoreName.parse("s3://bucket/a/").real().toString());
  }

  @Test
  void aNameInMemoryIsOneStore() {
    try (BlobStore one = BlobStores.open("memory:named", "one");
        BlobStore two = BlobStores.open("memory:named", "two");
        BlobStore other = BlobStores.open("memory:named-other", "other")) {
      assertTrue(one.putIfAbsent("a", new byte[3]));
      assertEquals(3, two.size("a").orElseThrow());
      assertTrue(other.size("a").isEmpty());
    }
  }
}
