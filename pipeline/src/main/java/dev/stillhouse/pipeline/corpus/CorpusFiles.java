package dev.stillhouse.pipeline.corpus;

import dev.stillhouse.pipeline.LocalPath;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * Finds the files that corpus arguments name: files, directories (with all below them) and globs.
 *
 * <p>They are in the order of the arguments, then of the relative name (UTF-16 order), never in
 * that of the file system. A file named twice comes twice. Links are followed.
 */
final class CorpusFiles {
  private static final String GLOB_CHARACTERS = "*?[{";

  private CorpusFiles() {}

  /** Returns the files of all arguments, in order. */
  static List<CorpusFile> find(List<String> arguments) {
    return find(CorpusSearch.of(arguments));
  }

  /** Returns the files that a search finds, in order. */
  static List<CorpusFile> find(CorpusSearch search) {
    if (search.arguments().isEmpty()) {
      throw UsageException.of(
          "no corpus is named; name files, directories or globs of %s", CorpusFormat.suffixes());
    }
    List<CorpusFile> files = new ArrayList<>();
    for (String argument : search.arguments()) {
      StandardInput input = search.input();
      if (input != null && argument.equals(StandardInput.ARGUMENT)) {
        files.add(input.file());
        continue;
      }
      Path path = LocalPath.of("corpus", argument);
      if (Files.isDirectory(path)) {
        files.addAll(CorpusWalk.files(search, argument, path, relative -> true));
      } else if (Files.exists(path)) {
        files.add(named(path));
      } else if (Files.isSymbolicLink(path)) {
        throw DataException.of(
            "corpus '%s' is a link to what does not exist; bring that back, or name another path",
            argument);
      } else if (isGlob(argument)) {
        files.addAll(glob(search, argument));
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
    if (!Files.isRegularFile(path)) {
      throw UsageException.of(
          "corpus '%s' is no plain file (a pipe or a device); pipe it into --corpus -", path);
    }
    return file(path, name, format);
  }

  private static List<CorpusFile> glob(CorpusSearch search, String argument) {
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
    return CorpusWalk.files(
        search,
        argument,
        start,
        relative -> matchers.stream().anyMatch(glob -> glob.matches(relative)));
  }

  static CorpusFile file(Path path, String name, CorpusFormat format) {
    Path whole = path.toAbsolutePath().normalize();
    // Workers open it by its text, which another locale may not be able to write.
    if (!LocalPath.of("corpus", whole.toString()).equals(whole)) {
      throw UsageException.of(
          "corpus '%s' has a name that this locale cannot write; it must be UTF-8: LC_ALL=C.UTF-8",
          whole);
    }
    try {
      return new CorpusFile(whole, name, format, Compression.of(name), Files.size(path));
    } catch (IOException e) {
      throw new DataException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean isGlob(String text) {
    return text.chars().anyMatch(c -> GLOB_CHARACTERS.indexOf(c) >= 0);
  }

  /**
   * Returns the variants of a glob with each {@code **}{@code /} kept or left out: people expect it
   * to match the folder itself too.
   */
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
