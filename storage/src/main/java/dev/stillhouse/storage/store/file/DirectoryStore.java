package dev.stillhouse.storage.store.file;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.store.BlobKeys;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.BlobVisitor;
import dev.stillhouse.storage.store.Leftover;
import dev.stillhouse.storage.store.ListedBlob;
import dev.stillhouse.storage.store.MissingBlobException;
import dev.stillhouse.storage.store.NotReachedException;
import dev.stillhouse.storage.store.ReadLimit;
import dev.stillhouse.storage.store.ScratchDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A region that is a directory. How a file gets its name there is in {@link FilePlacing}. */
public final class DirectoryStore implements BlobStore {
  private static final int READERS = 4;

  private final String region;
  private final Path root;
  private final ScratchDirectory scratch;
  private final FilePlacing placing;
  private final ExecutorService readers =
      Executors.newFixedThreadPool(
          READERS, new ThreadFactoryBuilder().setNameFormat("read-%d").setDaemon(true).build());

  /** Creates a store in {@code root}, which is made at the first write. */
  public DirectoryStore(String region, Path root) {
    this(region, root, Files::createLink);
  }

  /** Creates a store on a file system with these hard links, for tests. */
  public DirectoryStore(String region, Path root, FilePlacing.Links links) {
    this.region = region;
    this.root = root.toAbsolutePath().normalize();
    this.scratch = new ScratchDirectory(this.root.resolve(Leftover.FOLDER));
    this.placing = new FilePlacing(this.root, scratch, links);
  }

  @Override
  public String region() {
    return region;
  }

  @Override
  public boolean putIfAbsent(String key, byte[] bytes) {
    Path target = path(key);
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    Path file = scratch().resolve(UUID.randomUUID().toString());
    try {
      Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
      return putIfAbsent(key, file);
    } catch (IOException e) {
      throw failed("write", key, e);
    } finally {
      FilePlacing.deleteQuietly(file);
    }
  }

  @Override
  public boolean putIfAbsent(String key, Path file) {
    Path target = path(key);
    try {
      return placing.putIfAbsent(target, file);
    } catch (IOException e) {
      throw failed("write", key, e);
    }
  }

  @Override
  public void replace(String key, Path file) {
    Path target = path(key);
    try {
      placing.replace(target, file);
    } catch (IOException e) {
      throw failed("replace", key, e);
    }
  }

  @Override
  public Optional<String> unavailableReason() {
    return Files.isDirectory(root) ? Optional.empty() : Optional.of(root + " is not there");
  }

  @Override
  public OptionalLong size(String key) {
    try {
      return OptionalLong.of(plain(key, readable(key)).size());
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    } catch (IOException e) {
      throw failed("look at", key, e);
    }
  }

  @Override
  public CompletableFuture<List<ByteBuffer>> read(String key, List<ByteRange> ranges) {
    ReadLimit.check(key, ranges);
    Path path = readable(key);
    CompletableFuture<List<ByteBuffer>> result = new CompletableFuture<>();
    readers.execute(
        () -> {
          try {
            result.complete(readNow(key, path, ranges, result));
          } catch (IOException e) {
            result.completeExceptionally(failed("read", key, e));
          } catch (Throwable e) { // Errors too: who waits must hear of them.
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private List<ByteBuffer> readNow(
      String key, Path path, List<ByteRange> ranges, CompletableFuture<?> result)
      throws IOException {
    List<ByteBuffer> buffers = new ArrayList<>(ranges.size());
    try {
      plain(key, path); // Before it is opened: to open a pipe waits for its writer.
    } catch (NoSuchFileException e) {
      throw new MissingBlobException(region, key);
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      for (ByteRange range : ranges) {
        if (result.isDone()) {
          return buffers; // Cancelled: no one reads it.
        }
        if (range.end() > size) {
          throw new DamagedBlobException(
              key,
              size,
              "the copy in region "
                  + region
                  + " ends here, bytes up to "
                  + range.end()
                  + " are needed");
        }
        buffers.add(readRange(channel, range));
      }
    } catch (NoSuchFileException e) {
      throw new MissingBlobException(region, key);
    }
    return buffers;
  }

  private static ByteBuffer readRange(FileChannel channel, ByteRange range) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(range.length());
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, range.offset() + buffer.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return buffer.flip();
  }

  @Override
  public List<ListedBlob> blobs(String prefix) {
    BlobKeys.checkPrefix(prefix);
    try {
      // The root may be a link to another disk; what is inside may not.
      Path start =
          prefix.isEmpty() ? root.toRealPath() : path(prefix.substring(0, prefix.length() - 1));
      List<ListedBlob> blobs = new ArrayList<>();
      Files.walkFileTree(start, new BlobVisitor(start, prefix, blobs));
      return blobs.stream().sorted(Comparator.comparing(ListedBlob::key)).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw failed("list", prefix, e);
    }
  }

  @Override
  public void delete(String key) {
    Path path = readable(key);
    try {
      if (Files.isSymbolicLink(path) || Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(path); // Of a link the link alone.
      }
    } catch (IOException e) {
      throw failed("delete", key, e);
    }
  }

  @Override
  public Path scratch() {
    try {
      return scratch.get();
    } catch (IOException e) {
      throw failed("write", "a scratch file", e);
    }
  }

  @Override
  public List<Leftover> leftovers() {
    try {
      return Leftover.in(root.resolve(Leftover.FOLDER), "*");
    } catch (IOException e) {
      throw failed("list", Leftover.FOLDER, e);
    }
  }

  @Override
  public void close() {
    readers.shutdown();
    scratch.close();
  }

  /** Returns the file to write a key to. No part of it may be a link that leads elsewhere. */
  private Path path(String key) {
    Path path = readable(key);
    if (Files.isSymbolicLink(path)) {
      throw linked(key, path);
    }
    return path;
  }

  /**
   * Returns the file to read a key from. It may be a link to a file, as caches of downloads make;
   * its folders may not be links.
   */
  private Path readable(String key) {
    Path path = root;
    for (String part : BlobKeys.check(key).split("/", -1)) {
      if (!path.equals(root) && Files.isSymbolicLink(path)) {
        throw linked(key, path);
      }
      path = path.resolve(part);
    }
    return path;
  }

  private DataException linked(String key, Path path) {
    return DataException.of(
        "%s in region %s: %s is a symbolic link; folders of blobs, and blobs that are written, are"
            + " none",
        key, region, path);
  }

  /** Returns the attributes of a blob's file. Anything but a plain file is no right copy. */
  private BasicFileAttributes plain(String key, Path path) throws IOException {
    BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
    if (!file.isRegularFile()) {
      throw new DamagedBlobException(
          key,
          0,
          path
              + " in region "
              + region
              + " is not a plain file but "
              + (file.isDirectory() ? "a folder" : "a pipe, socket or device"));
    }
    return file;
  }

  private DataException failed(String verb, String key, IOException e) {
    boolean refused = e instanceof AccessDeniedException;
    return new NotReachedException(
        refused ? NotReachedException.Why.REFUSED : NotReachedException.Why.UNREACHABLE,
        "cannot " + verb + " " + key + " in region " + region + " at " + root + ": " + reason(e),
        e);
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return "permission denied: " + denied.getFile();
    }
    if (e instanceof FileSystemException failure && failure.getReason() == null) {
      return e instanceof NoSuchFileException
          ? "no such file: " + failure.getFile()
          : "the file system refuses " + failure.getFile();
    }
    return e instanceof FileSystemException failure
        ? String.valueOf(failure.getReason())
        : String.valueOf(e.getMessage());
  }
}
