package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Walks one folder for corpus files. What is left out is reported; what cannot be read is an error.
 */
final class CorpusWalk extends SimpleFileVisitor<Path> {
  private static final int NAMES_TOLD = 5;

  private final CorpusSearch search;
  private final String argument;
  private final Path root;
  private final Predicate<Path> wanted;
  private final List<CorpusFile> files = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();

  private CorpusWalk(CorpusSearch search, String argument, Path root, Predicate<Path> wanted) {
    this.search = search;
    this.argument = argument;
    this.root = root;
    this.wanted = wanted;
  }

  /**
   * Returns the files below a folder in order of their relative names.
   *
   * @param argument that named it, for messages
   * @param wanted chooses paths relative to the folder
   */
  static List<CorpusFile> files(
      CorpusSearch search, String argument, Path root, Predicate<Path> wanted) {
    CorpusWalk walk = new CorpusWalk(search, argument, root, wanted);
    try {
      Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk);
    } catch (IOException e) {
      throw new DataException("corpus '" + argument + "' cannot be listed: " + e, e);
    }
    walk.tellLeftOut();
    if (walk.files.isEmpty()) {
      throw DataException.of(
          "corpus '%s' holds no file that can be read; read are %s, hidden files are not",
          argument, CorpusFormat.suffixes());
    }
    walk.files.sort(Comparator.comparing(CorpusFile::name));
    return walk.files;
  }

  private void tellLeftOut() {
    if (!leftOut.isEmpty()) {
      leftOut.sort(Comparator.naturalOrder());
      search
          .notes()
          .accept(
              String.format(
                  "corpus '%s': %d file(s) left out, as they are no plain files of a suffix that is"
                      + " read: %s%s; read are %s",
                  argument,
                  leftOut.size(),
                  String.join(", ", leftOut.subList(0, Math.min(NAMES_TOLD, leftOut.size()))),
                  leftOut.size() > NAMES_TOLD ? ", ..." : "",
                  CorpusFormat.suffixes()));
    }
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
      throws IOException {
    boolean top = folder.equals(root);
    if (!top && String.valueOf(folder.getFileName()).startsWith(".")) {
      return FileVisitResult.SKIP_SUBTREE;
    }
    String other = search.other(folder);
    if (other == null) {
      return FileVisitResult.CONTINUE;
    }
    if (top) {
      throw UsageException.of(
          "corpus '%s' is %s; name another folder (of a dataset, --tokens takes the tokens)",
          argument, other);
    }
    search
        .notes()
        .accept(
            String.format("corpus '%s': %s/ is left out: it is %s", argument, name(folder), other));
    return FileVisitResult.SKIP_SUBTREE;
  }

  @Override
  public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
    String name = name(path);
    boolean hidden = String.valueOf(path.getFileName()).startsWith(".");
    if (hidden || !wanted.test(relative(path))) {
      return FileVisitResult.CONTINUE;
    }
    if (attributes.isSymbolicLink()) {
      // Links are followed, so this one leads nowhere.
      throw DataException.of(
          "corpus '%s': %s is a link to '%s', which does not exist; bring that back, or remove the"
              + " link",
          argument, name, Files.readSymbolicLink(path));
    }
    Optional<CorpusFormat> format = CorpusFormat.of(name);
    if (format.isPresent() && attributes.isRegularFile()) {
      files.add(CorpusFiles.file(path, name, format.get()));
    } else {
      leftOut.add(name);
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path path, IOException e) {
    if (e instanceof FileSystemLoopException) {
      throw DataException.of(
          "corpus '%s': %s is a link to a folder above it; remove the link", argument, name(path));
    }
    if (e instanceof AccessDeniedException) {
      throw DataException.of(
          "corpus '%s': no right to read '%s'; give it (chmod), or name what can be read",
          argument, path);
    }
    throw new DataException("corpus '" + argument + "' cannot be listed: " + e, e);
  }

  private Path relative(Path path) {
    return root.toAbsolutePath().relativize(path.toAbsolutePath());
  }

  private String name(Path path) {
    List<String> parts = new ArrayList<>();
    relative(path).forEach(part -> parts.add(part.toString()));
    return String.join("/", parts);
  }
}
