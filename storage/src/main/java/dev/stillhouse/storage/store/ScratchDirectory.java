package dev.stillhouse.storage.store;

import com.google.common.hash.Hashing;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of this process's own below {@code parent}, named by host, process and a random part,
 * with a {@link ScratchLock}. Making one removes those of dead processes of this host. {@code gc}
 * removes those of other hosts below a dataset, after its grace time.
 */
public final class ScratchDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(ScratchDirectory.class);
  private static final String HOST = host();

  private static final int ATTEMPTS = 100;

  /** Min age of one without a lock to count as a dead process's. */
  private static final Duration GRACE = Duration.ofHours(24);

  private static final Set<PosixFilePermission> MINE_ALONE =
      PosixFilePermissions.fromString("rwx------");

  private final Path parent;
  private final boolean guarded;
  private @Nullable Path mine;

  /** Creates one below a directory of the caller's. */
  public ScratchDirectory(Path parent) {
    this(parent, false);
  }

  private ScratchDirectory(Path parent, boolean guarded) {
    this.parent = parent;
    this.guarded = guarded;
  }

  /**
   * Returns one for stores that are not on this machine, in the directory for temporary files
   * ({@code java.io.tmpdir}), below a directory that only this user may enter.
   */
  public static ScratchDirectory ofThisMachine() {
    String user = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
    return new ScratchDirectory(
        Path.of(System.getProperty("java.io.tmpdir"), "stillhouse-" + user), true);
  }

  /** Returns the directory. It is made at the first call, and again if it has gone. */
  public synchronized Path get() throws IOException {
    if (mine != null && !Files.isDirectory(mine)) {
      close(); // It had no lock, and was old.
    }
    for (int attempt = 1; mine == null; attempt++) {
      try {
        mine = make();
      } catch (NoSuchFileException | FileAlreadyExistsException e) {
        // Another process closed and took the empty parent away in between: it was there when it
        // was to be made, and was gone when that was looked into.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
    return mine;
  }

  private Path make() throws IOException {
    if (guarded) {
      makeGuarded();
    } else {
      Files.createDirectories(parent);
    }
    removeOfTheDead();
    Path directory =
        parent.resolve(HOST + "-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID());
    ScratchLock.make(directory);
    return directory;
  }

  /**
   * Makes a parent that only this user may enter. Others may write to directories for temporary
   * files, so an existing one is checked.
   */
  private void makeGuarded() throws IOException {
    try {
      Files.createDirectory(parent, PosixFilePermissions.asFileAttribute(MINE_ALONE));
    } catch (FileAlreadyExistsException e) {
      PosixFileAttributes there =
          Files.readAttributes(parent, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!there.isDirectory()
          || !there.permissions().equals(MINE_ALONE)
          || !there.owner().equals(me())) {
        throw new FileSystemException(
            parent.toString(),
            null,
            "is no directory that this user alone may enter; remove it, or give another place"
                + " (-Djava.io.tmpdir=...)");
      }
    } catch (UnsupportedOperationException e) {
      Files.createDirectories(parent); // Not POSIX: there each user has a place of its own.
    }
  }

  private static UserPrincipal me() throws IOException {
    Path file = Files.createTempFile("stillhouse", null);
    try {
      return Files.getOwner(file);
    } finally {
      Files.delete(file);
    }
  }

  /**
   * Removes directories of dead processes of this host. Other hosts' stay: not every network file
   * system shows one host's locks to another.
   */
  private void removeOfTheDead() throws IOException {
    Instant old = Instant.now().minus(GRACE);
    for (Leftover leftover : Leftover.in(parent, HOST + "-*")) {
      if (leftover.locked() || leftover.written().isBefore(old)) {
        try {
          leftover.remove();
        } catch (DataException e) {
          LOG.debug("left behind", e); // Another user's perhaps: no reason not to write.
        }
      }
    }
  }

  public synchronized void close() {
    if (mine != null) {
      try {
        ScratchLock.removeOwn(mine);
        Files.deleteIfExists(parent); // Fails while other processes have scratch files there.
      } catch (IOException e) {
        mine.toFile().deleteOnExit();
      }
      mine = null;
    }
  }

  /** Returns a short hash that names this host. */
  private static String host() {
    String name;
    try {
      name = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      name = "localhost"; // No name: then this host is told from no other.
    }
    return Hashing.sha256().hashString(name, StandardCharsets.UTF_8).toString().substring(0, 12);
  }
}
