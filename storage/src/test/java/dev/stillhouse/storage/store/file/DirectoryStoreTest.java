package dev.stillhouse.storage.store.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobStoreContractTest;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.ScratchLock;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class DirectoryStoreTest extends BlobStoreContractTest {
  @TempDir Path directory = Path.of("unset");

  @Override
  protected BlobStore open() {
    return new DirectoryStore("here", directory.resolve("root"));
  }

  @Test
  void writesThroughNoSymbolicLinkAndReadsThroughNoLinkedFolder() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    assertTrue(store.putIfAbsent("a/real", bytes("x")));
    Path root = directory.resolve("root");
    Files.createSymbolicLink(root.resolve("linked"), outside);
    Files.createSymbolicLink(root.resolve("a/file"), outside.resolve("secret"));
    Files.createSymbolicLink(root.resolve("dangling"), outside.resolve("none"));
    Path file = Files.writeString(directory.resolve("new"), "new");
    for (String key : List.of("linked/secret", "a/file", "linked/new", "dangling")) {
      assertThrows(DataException.class, () -> store.putIfAbsent(key, bytes("x")));
      assertThrows(DataException.class, () -> store.putIfAbsent(key, file));
      assertThrows(DataException.class, () -> store.replace(key, file));
    }
    for (String key : List.of("linked/secret", "linked/new")) {
      assertThrows(DataException.class, () -> store.size(key));
      assertThrows(DataException.class, () -> store.delete(key));
      Throwable error = readError(key, new ByteRange(0, 1));
      assertTrue(message(error).contains("symbolic link"), message(error));
    }
    assertThrows(DataException.class, () -> store.list("linked/"));
    assertEquals(List.of("a/file", "a/real"), store.list(""));
    assertEquals("secret", Files.readString(outside.resolve("secret")));
    assertFalse(Files.exists(outside.resolve("new")));
    assertFalse(Files.exists(outside.resolve("none")));
  }

  /** As the caches of Hugging Face and DVC lay files out. */
  @Test
  void readsFilesThatAreLinks() throws IOException {
    assertTrue(store.putIfAbsent("a/real", bytes("x")));
    Path cache = Files.writeString(directory.resolve("cache"), "cached");
    Path link = directory.resolve("root/a/link");
    Files.createSymbolicLink(link, cache);
    Files.createSymbolicLink(directory.resolve("root/a/gone"), directory.resolve("none"));
    assertEquals(List.of("a/link", "a/real"), store.list("a/"));
    assertEquals(OptionalLong.of(6), store.size("a/link"));
    assertArrayEquals(bytes("cached"), get("a/link", new ByteRange(0, 6)));
    assertEquals(OptionalLong.empty(), store.size("a/gone"));
    assertInstanceOf(MissingBlobException.class, readError("a/gone", new ByteRange(0, 1)));
    store.delete("a/link");
    assertFalse(Files.exists(link, LinkOption.NOFOLLOW_LINKS));
    assertEquals("cached", Files.readString(cache), "the link went, not what it led to");
  }

  /** To open a pipe would wait for whoever writes into it. */
  @Test
  @Timeout(60)
  void whatIsNoPlainFileIsSaidAtOnce() throws Exception {
    assertTrue(store.putIfAbsent("a/real", bytes("x")));
    Path root = directory.resolve("root/a");
    Process made = new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start();
    assertEquals(0, made.waitFor());
    Files.createDirectory(root.resolve("folder"));
    Files.createSymbolicLink(root.resolve("device"), Path.of("/dev/zero"));
    for (String name : List.of("pipe", "folder", "device")) {
      Throwable error = readError("a/" + name, new ByteRange(0, 1));
      assertInstanceOf(DamagedBlobException.class, error);
      assertTrue(message(error).contains("is not a plain file but a"), message(error));
      assertThrows(DamagedBlobException.class, () -> store.size("a/" + name));
    }
    assertEquals(List.of("a/real"), store.list("a/"));
  }

  /** People keep datasets on other disks; only links inside the store lead astray. */
  @Test
  void theRootItselfMayBeALink() throws IOException {
    assertTrue(store.putIfAbsent("a/b", bytes("x")));
    Path link = directory.resolve("link");
    Files.createSymbolicLink(link, directory.resolve("root"));
    try (BlobStore linked = new DirectoryStore("linked", link)) {
      assertEquals(OptionalLong.of(1), linked.size("a/b"));
      assertEquals(List.of("a/b"), linked.list(""));
      assertTrue(linked.putIfAbsent("a/c", bytes("y")));
    }
    assertEquals(List.of("a/b", "a/c"), store.list(""));
  }

  @Test
  void openingForReadingCreatesNothing() {
    assertEquals(OptionalLong.empty(), store.size("a"));
    assertEquals(List.of(), store.list(""));
    assertInstanceOf(MissingBlobException.class, readError("a", new ByteRange(0, 0)));
    store.delete("a");
    store.close();
    assertFalse(Files.exists(directory.resolve("root")));
  }

  @Test
  void leavesNoScratchBehind() throws IOException {
    assertTrue(store.putIfAbsent("a", bytes("x")));
    assertFalse(store.putIfAbsent("a", bytes("y")));
    try (var files = Files.list(store.scratch())) {
      assertEquals(List.of(ScratchLock.NAME), files.map(f -> f.getFileName().toString()).toList());
    }
    store.close();
    assertFalse(Files.exists(directory.resolve("root/.scratch")));
  }

  @Test
  void aRootThatCannotBeWrittenIsNamedWithTheReason() throws IOException {
    Path plain = Files.writeString(directory.resolve("plain"), "x");
    try (BlobStore broken = new DirectoryStore("here", plain.resolve("root"))) {
      DataException error =
          assertThrows(DataException.class, () -> broken.putIfAbsent("a", bytes("x")));
      assertTrue(message(error).contains(plain.resolve("root").toString()), message(error));
      assertTrue(message(error).contains("Not a directory"), message(error));
    }
  }

  @Test
  void takesFilesFromElsewhere() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "elsewhere");
    assertTrue(store.putIfAbsent("a/b", file));
    Files.delete(file);
    assertArrayEquals(bytes("elsewhere"), get("a/b", new ByteRange(0, 9)));
  }

  /** As exFAT and some FUSE file systems answer. */
  @Test
  void withoutHardLinksItIsSaidWhatToDo() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x");
    FilePlacing.Links none =
        (target, from) -> {
          throw new FileSystemException(
              target.toString(), from.toString(), "Operation not permitted");
        };
    FilePlacing.Links unknown =
        (target, from) -> {
          throw new UnsupportedOperationException();
        };
    for (FilePlacing.Links links : List.of(none, unknown)) {
      try (BlobStore usb = new DirectoryStore("usb", directory.resolve("root"), links)) {
        for (Executable put :
            List.<Executable>of(
                () -> usb.putIfAbsent("a", bytes("x")), () -> usb.putIfAbsent("a", file))) {
          String told = message(assertThrows(DataException.class, put));
          assertTrue(told.contains("cannot write a in region usb at " + directory), told);
          assertTrue(told.contains("the file system makes no hard links (exFAT"), told);
          assertTrue(told.contains("put the dataset on another disk, or copy a finished"), told);
          assertTrue(usb.size("a").isEmpty(), "nothing half-done");
        }
        assertEquals(List.of(), usb.list(""));
      }
    }
  }

  /** Whoever closes last takes the scratch directory's parent away, while others make theirs. */
  @Test
  void manyOpenAndCloseAtOnce() {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String key = "race/" + i;
      all.add(
          CompletableFuture.runAsync(
              () -> {
                for (int round = 0; round < 200; round++) {
                  try (BlobStore mine = new DirectoryStore("m", directory.resolve("root"))) {
                    assertTrue(mine.putIfAbsent(key, bytes("x")));
                    mine.delete(key);
                  }
                }
              }));
    }
    all.forEach(CompletableFuture::join);
  }

  /** Scratch comes and goes while others list. */
  @Test
  void listsWhileOthersWrite() {
    assertTrue(store.putIfAbsent("a", bytes("x")));
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              while (!done.get()) {
                try (BlobStore other = new DirectoryStore("o", directory.resolve("root"))) {
                  other.putIfAbsent("b/c", bytes("x"));
                  other.delete("b/c");
                }
              }
            });
    try {
      for (int i = 0; i < 500; i++) {
        assertTrue(store.list("").contains("a"));
      }
    } finally {
      done.set(true);
      writer.join();
    }
  }
}
