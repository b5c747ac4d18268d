package dev.stillhouse.storage.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scratch of stores that are elsewhere lies in a place that all users of this machine share. */
class ScratchDirectoryTest {
  @TempDir Path temporary = Path.of("unset");
  private String before = "";

  @BeforeEach
  void temporaryPlace() {
    before = System.getProperty("java.io.tmpdir");
    System.setProperty("java.io.tmpdir", temporary.toString());
  }

  @AfterEach
  void asItWas() {
    System.setProperty("java.io.tmpdir", before);
  }

  @Test
  void nobodyElseMayEnter() throws IOException {
    try (BlobStore store = new MemoryStore("m");
        BlobStore second = new MemoryStore("m")) {
      Path parent = store.scratch().resolve("..").normalize();
      assertEquals(temporary, parent.getParent());
      assertEquals(
          "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(parent)));
      assertFalse(second.scratch().equals(store.scratch()));
    }
    try (var left = Files.list(temporary)) {
      assertEquals(0, left.count(), "left behind");
    }
  }

  @Test
  void aPlaceThatOthersMadeIsRefused() throws IOException {
    try (BlobStore store = new MemoryStore("m")) {
      Path parent = store.scratch().resolve("..").normalize();
      store.close();
      Files.createDirectory(parent);
      Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxrwxrwx"));
      refused(parent);
      Files.delete(parent);
      Files.createSymbolicLink(parent, Files.createDirectory(temporary.resolve("elsewhere")));
      refused(parent);
    }
  }

  private static void refused(Path parent) {
    try (BlobStore store = new MemoryStore("m")) {
      DataException error = assertThrows(DataException.class, store::scratch);
      assertTrue(error.getMessage().contains(parent.toString()), error.getMessage());
      assertTrue(error.getMessage().contains("java.io.tmpdir"), error.getMessage());
    }
  }
}
