package dev.stillhouse.storage.region;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
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
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A directory of this process's own below {@code parent}, named by host, process and a random part.
 * Those of dead processes of this host are removed when it is made.
 */
final class ScratchDirectory {
  private static final String HOST = host();

  private static final int ATTEMPTS = 100;
  private static final Set<PosixFilePermission> MINE_ALONE =
      PosixFilePermissions.fromString("rwx------");

  private final Path parent;
  private final boolean guarded;
  private @Nullable Path mine;

  /** One below a directory of the caller's. */
  ScratchDirectory(Path parent) {
    this(parent, false);
  }

  private ScratchDirectory(Path parent, boolean guarded) {
    this.parent = parent;
    this.guarded = guarded;
  }

  /**
   * One for stores that are not on this machine, in its place for temporary files ({@code
   * java.io.tmpdir}), below a directory that nobody but this user may enter.
   */
  static ScratchDirectory ofThisMachine() {
    String user = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
    return new ScratchDirectory(
        Path.of(System.getProperty("java.io.tmpdir"), "stillhouse-" + user), true);
  }

  /** The directory, made at the first call. */
  synchronized Path get() throws IOException {
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
    return Files.createDirectory(
        parent.resolve(HOST + "-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID()));
  }

  /** Places for temporary files are everybody's: somebody may have been here first. */
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

  private void removeOfTheDead() throws IOException {
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent, HOST + "-*")) {
      for (Path directory : directories) {
        String[] parts = directory.getFileName().toString().split("-", 3);
        if (parts.length == 3
            && parts[1].matches("[0-9]{1,18}")
            && dead(Long.parseLong(parts[1]))) {
          remove(directory);
        }
      }
    }
  }

  private static boolean dead(long pid) {
    return ProcessHandle.of(pid).isEmpty();
  }

  /** Several stores and processes tidy up at once: what is gone already is as good. */
  private static void remove(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      return;
    }
    Files.deleteIfExists(directory);
  }

  synchronized void close() {
    if (mine != null) {
      try {
        remove(mine);
        Files.deleteIfExists(parent); // Only works when nobody else is there.
      } catch (IOException e) {
        mine.toFile().deleteOnExit();
      }
      mine = null;
    }
  }

  /** A short name of this host that says nothing about it. */
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
