package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files that corpus arguments name: files, directories (with all below them) and globs.
 *
 * <p>Order is that of the arguments, then of the relative name (UTF-16 order); never that of the
 * file system. A file named twice is there twice. Links are followed.
 */
final class CorpusFiles {
  private static final String GLOB_CHARACTERS = "*?[{";

  private CorpusFiles() {}

  /** The files of all arguments, in order. */
  static List<CorpusFile> find(List<String> arguments) {
    return find(arguments, null);
  }

  /**
   * The files of all arguments, in order.
   *
   * @param input what the argument {@code -} stands for; null where it means nothing
   */
  static List<CorpusFile> find(List<String> arguments, @Nullable StandardInput input) {
    if (arguments.isEmpty()) {
      throw UsageException.of(
          "no corpus is named; name files, directories or globs of %s", CorpusFormat.suffixes());
    }
    List<CorpusFile> files = new ArrayList<>();
    for (String argument : arguments) {
      if (input != null && argument.equals(StandardInput.ARGUMENT)) {
        files.add(input.file());
        continue;
      }
      Path path = Path.of(argument);
      if (Files.isDirectory(path)) {
        files.addAll(walk(argument, path, relative -> true));
      } else if (Files.exists(path)) {
        files.add(named(path));
      } else if (isGlob(argument)) {
        files.addAll(glob(argument));
      } else {
        throw DataException.of("corpus '%s' does not exist", argument);
      }
    }
    return files;
  }

  private static CorpusFile named(Path path) {
    String name = String.valueOf(path.getFileName());
    CorpusFormat format =
        CorpusFormat.of(name)
            .orElseThrow(
                () ->
                    UsageException.of(
                        "%s: the suffix of '%s' is not read; present: [%s]",
                        path, name, CorpusFormat.suffixes()));
    return file(path, name, format);
  }

  private static List<CorpusFile> glob(String argument) {
    Path root = Path.of("");
    Path fixed = Path.of(argument);
    // Parts without a glob character are where the walk starts; the rest is matched below it.
    int parts = 0;
    while (!isGlob(fixed.getName(parts).toString())) {
      parts++;
    }
    if (fixed.isAbsolute()) {
      root = fixed.getRoot() == null ? root : fixed.getRoot();
    }
    Path start = parts == 0 ? root : root.resolve(fixed.subpath(0, parts));
    if (!Files.isDirectory(start)) {
      throw DataException.of("corpus '%s': directory '%s' does not exist", argument, start);
    }
    String pattern = fixed.subpath(parts, fixed.getNameCount()).toString();
    List<PathMatcher> matchers = new ArrayList<>();
    try {
      for (String variant : variants(pattern)) {
        matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + variant));
      }
    } catch (PatternSyntaxException e) {
      throw UsageException.of(
          "corpus '%s' is not a glob: %s; known are * ** ? [..] {..}",
          argument, e.getDescription());
    }
    return walk(
        argument, start, relative -> matchers.stream().anyMatch(glob -> glob.matches(relative)));
  }

  private static List<CorpusFile> walk(String argument, Path root, Predicate<Path> wanted) {
    List<CorpusFile> files = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
      walk.filter(Files::isRegularFile).forEach(path -> add(files, root, path, wanted));
    } catch (IOException | UncheckedIOException e) {
      throw new DataException("corpus '" + argument + "' cannot be listed: " + e.getMessage(), e);
    }
    if (files.isEmpty()) {
      throw DataException.of(
          "corpus '%s' holds no file that can be read; read are %s, hidden files are not",
          argument, CorpusFormat.suffixes());
    }
    files.sort(Comparator.comparing(CorpusFile::name));
    return files;
  }

  private static void add(List<CorpusFile> files, Path root, Path path, Predicate<Path> wanted) {
    Path relative = root.toAbsolutePath().relativize(path.toAbsolutePath());
    List<String> parts = new ArrayList<>();
    relative.forEach(part -> parts.add(part.toString()));
    String name = String.join("/", parts);
    boolean hidden = parts.stream().anyMatch(part -> part.startsWith("."));
    if (!hidden && wanted.test(relative)) {
      CorpusFormat.of(name).ifPresent(format -> files.add(file(path, name, format)));
    }
  }

  private static CorpusFile file(Path path, String name, CorpusFormat format) {
    try {
      return new CorpusFile(
          path.toAbsolutePath().normalize(), name, format, Compression.of(name), Files.size(path));
    } catch (IOException e) {
      throw new DataException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean isGlob(String text) {
    return text.chars().anyMatch(c -> GLOB_CHARACTERS.indexOf(c) >= 0);
  }

  /** A glob with each {@code **}{@code /} kept or left out: to people it also means "here". */
  private static List<String> variants(String glob) {
    int at = glob.indexOf("**/");
    if (at < 0) {
      return List.of(glob);
    }
    String head = glob.substring(0, at);
    return variants(glob.substring(at + 3)).stream()
        .flatMap(tail -> Stream.of(head + "**/" + tail, head + tail))
        .toList();
  }
}
