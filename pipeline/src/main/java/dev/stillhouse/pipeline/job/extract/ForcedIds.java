package dev.stillhouse.pipeline.job.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.CharMatcher;
import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.primitives.ImmutableIntArray;
import dev.stillhouse.pipeline.ByteOrderMark;
import dev.stillhouse.pipeline.LocalPath;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.manifest.BlobKind;
import dev.stillhouse.storage.manifest.ContentBlob;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.store.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Reads the ids of {@code forced:}. A person names a file: whole numbers with white space between
 * them, and comments from {@code #} to the end of a line. The dataset keeps the blob {@code
 * forced/<sha256>}, one id a line, ascending, and its sha256 stands in the statistic. Path, order
 * and comments have no part in an identity.
 */
final class ForcedIds {
  private static final int MAX_BYTES = 1 << 20;

  private ForcedIds() {}

  /** Returns the selection of a person's statistic; reads the file that it names. */
  static Selection select(String statistic, int vocabulary) {
    StatisticSpec spec = StatisticSpec.parse(statistic).checkedAgainst(vocabulary);
    Optional<String> file = spec.forced();
    if (file.isEmpty()) {
      return new Selection(vocabulary, spec, ImmutableIntArray.of());
    }
    ImmutableIntArray ids = read(LocalPath.of("forced ids", file.get()), vocabulary);
    return new Selection(vocabulary, spec.withForced(Hashes.sha256(blob(ids))), ids);
  }

  /** Stores the ids of a selection, if it has any. */
  static void store(Selection selection, BlobStore home) {
    selection
        .spec()
        .forced()
        .ifPresent(
            sha256 -> ContentBlob.put(home, BlobKind.FORCED.key(sha256), blob(selection.forced())));
  }

  /** Returns the selection of a dataset's statistic; reads the blob that it names. */
  static Selection load(String statistic, int vocabulary, ReplicaReader reader) {
    StatisticSpec spec = StatisticSpec.parse(statistic);
    if (spec.forced().isEmpty()) {
      return new Selection(vocabulary, spec, ImmutableIntArray.of());
    }
    String sha256 = spec.forced().get();
    String key = BlobKind.FORCED.key(sha256);
    byte[] blob =
        reader
            .readWhole(key, MAX_BYTES, bytes -> checked(key, sha256, bytes))
            .orElseThrow(() -> DataException.of("missing: the forced ids %s", key));
    return new Selection(vocabulary, spec, parse(key, blob, vocabulary));
  }

  private static byte[] checked(String key, String sha256, byte[] bytes) {
    if (!Hashes.sha256(bytes).equals(sha256)) {
      throw new DamagedBlobException(key, 0, "its sha256 is " + Hashes.sha256(bytes));
    }
    return bytes;
  }

  private static ImmutableIntArray read(Path file, int vocabulary) {
    try {
      if (!Files.isRegularFile(file)) {
        throw DataException.of("forced ids: there is no file '%s'", file);
      }
      if (Files.size(file) > MAX_BYTES) {
        throw DataException.of(
            "forced ids: '%s' has %d bytes, need at most %d", file, Files.size(file), MAX_BYTES);
      }
      return parse(file.toString(), Files.readAllBytes(file), vocabulary);
    } catch (IOException e) {
      throw new DataException("forced ids: '" + file + "' cannot be read: " + e.getMessage(), e);
    }
  }

  private static ImmutableIntArray parse(String name, byte[] bytes, int vocabulary) {
    TreeSet<Integer> ids = new TreeSet<>();
    List<String> lines = new String(ByteOrderMark.without(bytes), UTF_8).lines().toList();
    for (int line = 1; line <= lines.size(); line++) {
      String numbers = Splitter.on('#').split(lines.get(line - 1)).iterator().next();
      for (String word : Splitter.on(CharMatcher.whitespace()).omitEmptyStrings().split(numbers)) {
        ids.add(id(name, line, word, vocabulary));
      }
    }
    if (ids.isEmpty()) {
      throw DataException.of("forced ids: '%s' has no token id", name);
    }
    return ImmutableIntArray.copyOf(ids);
  }

  private static int id(String name, int line, String word, int vocabulary) {
    try {
      int id = Integer.parseInt(word);
      if (id >= 0 && id < vocabulary) {
        return id;
      }
    } catch (NumberFormatException e) {
      throw DataException.of(
          "forced ids: '%s', line %d: '%s' is no token id; need whole numbers with white space"
              + " between them ('#' begins a comment)",
          name, line, word.length() > 40 ? word.substring(0, 40) + "..." : word);
    }
    throw DataException.of(
        "forced ids: '%s', line %d: token id %s is outside the vocabulary of %d",
        name, line, word, vocabulary);
  }

  private static byte[] blob(ImmutableIntArray ids) {
    return (Joiner.on('\n').join(ids.asList()) + "\n").getBytes(UTF_8);
  }
}
