package dev.stillhouse.pipeline.corpus;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.stillhouse.storage.manifest.BlobKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a corpus is looked for, and what is left out.
 *
 * @param arguments files, directories and globs
 * @param input what the argument {@code -} stands for; null if it is no argument
 * @param outputs folders that are written to, by their real names; files in them are left out
 * @param notes takes a sentence for each kind of file or folder that is left out
 */
public record CorpusSearch(
    List<String> arguments,
    @Nullable StandardInput input,
    Set<Path> outputs,
    Consumer<String> notes) {
  private static final Pattern VERSION = Pattern.compile("v\\d{20}\\.json");
  private static final Pattern TOKENS = Pattern.compile("[0-9a-f]{64}\\.parquet");

  public CorpusSearch {
    arguments = ImmutableList.copyOf(arguments);
    outputs = ImmutableSet.copyOf(outputs);
  }

  /** Returns a search without outputs and without notes. */
  public static CorpusSearch of(List<String> arguments) {
    return new CorpusSearch(arguments, null, ImmutableSet.of(), note -> {});
  }

  /** Returns the real paths of those outputs that are folders of this machine. */
  public static Set<Path> folders(List<String> outputs) {
    ImmutableSet.Builder<Path> folders = ImmutableSet.builder();
    for (String output : outputs) {
      try {
        Path path = Path.of(output.replaceFirst("^file://", ""));
        if (!output.isEmpty() && Files.isDirectory(path)) {
          folders.add(path.toRealPath());
        }
      } catch (InvalidPathException e) {
        // It is not here, then; who opens it says so.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return folders.build();
  }

  /** Returns what a folder is that holds no corpus, as a dataset; null for any other folder. */
  @Nullable String other(Path folder) throws IOException {
    if (outputs.contains(folder.toRealPath())) {
      return "the output";
    }
    boolean dataset =
        holds(folder.resolve("manifests"), VERSION)
            || Files.exists(folder.resolve(BlobKind.CLAIM_KEY))
            || (Files.isDirectory(folder.resolve("work"))
                && holds(folder.resolve("tokens"), TOKENS));
    return dataset ? "a dataset" : null;
  }

  private static boolean holds(Path folder, Pattern name) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (var files = Files.list(folder)) {
      return files.anyMatch(file -> name.matcher(String.valueOf(file.getFileName())).matches());
    }
  }
}
