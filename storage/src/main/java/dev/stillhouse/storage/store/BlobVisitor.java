package dev.stillhouse.storage.store;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/** Collects plain files. Files that vanish meanwhile are passed over. */
public final class BlobVisitor extends SimpleFileVisitor<Path> {
  private final Path start;
  private final String prefix;
  private final List<ListedBlob> blobs;

  public BlobVisitor(Path start, String prefix, List<ListedBlob> blobs) {
    this.start = start;
    this.prefix = prefix;
    this.blobs = blobs;
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
    boolean hidden = !directory.equals(start) && hidden(directory);
    return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (!file.equals(start) && !hidden(file)) {
      target(file, attributes)
          .filter(BasicFileAttributes::isRegularFile)
          .ifPresent(
              found ->
                  blobs.add(
                      new ListedBlob(
                          prefix + start.relativize(file),
                          found.size(),
                          found.lastModifiedTime().toInstant())));
    }
    return FileVisitResult.CONTINUE;
  }

  /** Returns the attributes of a file, or of a link's target; empty if that is missing. */
  private static Optional<BasicFileAttributes> target(Path file, BasicFileAttributes own) {
    try {
      return Optional.of(
          own.isSymbolicLink() ? Files.readAttributes(file, BasicFileAttributes.class) : own);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
    if (e instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw e;
  }

  private static boolean hidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }
}
