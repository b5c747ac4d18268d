package dev.stillhouse.storage.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.TestJvm;
import dev.stillhouse.storage.store.file.DirectoryStore;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scratch of a dead process goes, that of a living one stays, whatever its name says. */
@Timeout(120)
class ScratchOwnersTest {
  private static final String ELSEWHERE = "0123456789ab-1-elsewhere";

  @TempDir Path root = Path.of("unset");
  private Path folder = Path.of("unset");
  private BlobStore store = new MemoryStore("unset");

  @BeforeEach
  void open() {
    folder = root.resolve(".scratch");
    store = new DirectoryStore("here", root);
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** A process of its own: says its scratch directory and which leftovers it finds, and waits. */
  static final class Owner {
    private Owner() {}

    public static void main(String[] root) throws IOException {
      BlobStore store = new DirectoryStore("there", Path.of(root[0]));
      List<String> found = store.leftovers().stream().map(Leftover::key).toList();
      Path mine = store.scratch();
      Files.write(mine.resolve("half"), new byte[1000]);
      System.out.println(mine);
      System.out.println(found);
      System.in.read();
    }
  }

  /** A started owner. */
  private record Started(Process process, Path scratch, String found) implements AutoCloseable {
    @Override
    public void close() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }

  private Started start() throws IOException {
    List<String> words = TestJvm.of(Owner.class);
    words.add(root.toString());
    Process process =
        new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out = process.inputReader(UTF_8);
    return new Started(process, Path.of(out.readLine()), out.readLine());
  }

  private Path killed() throws Exception {
    try (Started owner = start()) {
      return owner.scratch();
    }
  }

  private List<String> found() {
    return store.leftovers().stream().map(found -> found.directory().toString()).toList();
  }

  @Test
  void aKilledProcesssGoesWithTheNextWrite() throws Exception {
    Path dead = killed();
    assertTrue(Files.exists(dead.resolve("half")));
    store.scratch();
    assertFalse(Files.exists(dead));
  }

  /** The name's process is another one's here, which lives. */
  @Test
  void theProcessIdInItsNameSaysNothing() throws Exception {
    String[] parts = killed().getFileName().toString().split("-", 3);
    Path dead = folder.resolve(parts[0] + "-" + ProcessHandle.current().pid() + "-" + parts[2]);
    Files.move(folder.resolve(String.join("-", parts)), dead);
    store.scratch();
    assertFalse(Files.exists(dead));
  }

  @Test
  void anotherHostsIsFoundWithItsBytesAndGoesWhenAsked() throws Exception {
    Path dead = Files.move(killed(), folder.resolve(ELSEWHERE));
    store.scratch();
    Leftover found = store.leftovers().get(0);
    assertEquals(List.of(dead.toString()), found());
    assertEquals(".scratch/" + ELSEWHERE, found.key());
    assertEquals(1000, found.bytes());
    assertTrue(found.locked());
    found.remove();
    assertFalse(Files.exists(dead));
    found.remove(); // Another was faster.
  }

  @Test
  void aLivingProcesssIsNeverTouched() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    try (Started owner = start()) {
      String[] parts = owner.scratch().getFileName().toString().split("-", 3);
      Path now = owner.scratch();
      for (String name :
          List.of(parts[0] + "-" + gone.pid() + "-" + parts[2], "0123456789ab-1-" + parts[2])) {
        now = Files.move(now, folder.resolve(name));
        age(now);
        try (BlobStore other = new DirectoryStore("other", root)) {
          other.scratch();
        }
        assertEquals(List.of(), found());
        new Leftover(now, true, 0, Instant.EPOCH).remove();
        assertTrue(Files.exists(now.resolve("half")));
      }
    }
    assertEquals(1, found().size(), "it is found once its owner is dead");
  }

  /** To close another channel on the lock's file would let go of it. */
  @Test
  void thisProcesssOwnStaysLockedWhileItLooks() throws Exception {
    Path mine = store.scratch();
    try (BlobStore second = new DirectoryStore("second", root)) {
      second.scratch();
      assertEquals(List.of(), found());
      new Leftover(mine, true, 0, Instant.EPOCH).remove();
      try (Started other = start()) {
        assertEquals("[]", other.found());
      }
    }
    assertTrue(Files.isDirectory(mine));
  }

  /** As older releases made them, and file systems without locks have them. */
  @Test
  void withoutALockItsAgeTells() throws IOException {
    String host = store.scratch().getFileName().toString().split("-", 2)[0];
    Path young = Files.createDirectory(folder.resolve(host + "-1-young"));
    Path old = Files.createDirectory(folder.resolve(host + "-1-old"));
    Path elsewhere = Files.createDirectory(folder.resolve(ELSEWHERE));
    for (Path each : List.of(young, old, elsewhere)) {
      Files.writeString(each.resolve("half"), "x");
    }
    age(old);
    age(elsewhere);
    try (BlobStore second = new DirectoryStore("second", root)) {
      second.scratch();
    }
    assertTrue(Files.exists(young) && Files.exists(elsewhere));
    assertFalse(Files.exists(old));
    assertEquals(2, found().size());
    assertTrue(store.leftovers().stream().noneMatch(Leftover::locked));
  }

  @Test
  void whatAnotherRemovedIsMadeAgain() throws IOException {
    Path first = store.scratch();
    Files.delete(first.resolve(ScratchLock.NAME));
    Files.delete(first);
    assertTrue(store.putIfAbsent("a", "x".getBytes(UTF_8)));
    assertTrue(Files.isDirectory(store.scratch()));
  }

  private static void age(Path directory) throws IOException {
    FileTime then = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, then);
      }
    }
    Files.setLastModifiedTime(directory, then);
  }
}
