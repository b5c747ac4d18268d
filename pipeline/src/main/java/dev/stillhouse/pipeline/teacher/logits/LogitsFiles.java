package dev.stillhouse.pipeline.teacher.logits;

import com.google.common.hash.Funnels;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.io.ByteStreams;
import dev.stillhouse.pipeline.LocalPath;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The two files of a dump.
 *
 * @param logits rows of logits
 * @param ids the tokens that the rows belong to
 */
record LogitsFiles(Path logits, Path ids) {
  private static final String IDS = ",ids=";
  private static final String NPY = ".npy";
  // By path, length and time of change: a file that was hashed need not be again in this JVM.
  private static final Map<String, String> HASHED = new ConcurrentHashMap<>();

  /** Reads {@code FILE.npy} or {@code FILE.npy,ids=IDS.npy}. */
  static LogitsFiles parse(String argument) {
    // A file of that whole name is meant, whatever its name looks like.
    int comma = LocalPath.isFile(argument) ? -1 : argument.indexOf(IDS);
    String logits = comma < 0 ? argument : argument.substring(0, comma);
    if (!logits.endsWith(NPY) || (comma >= 0 && !argument.endsWith(NPY))) {
      throw UsageException.of(
          "logits '%s': need logits:FILE.npy or logits:FILE.npy,ids=IDS.npy", argument);
    }
    String ids =
        comma < 0
            ? logits.substring(0, logits.length() - NPY.length()) + ".ids" + NPY
            : argument.substring(comma + IDS.length());
    return new LogitsFiles(LocalPath.of("logits", logits), LocalPath.of("ids", ids));
  }

  /**
   * Returns the sha256 (hex) over the sha256 of the one and of the other; reads every byte of both,
   * once.
   */
  String fingerprint() {
    return Hashing.sha256()
        .newHasher()
        .putUnencodedChars(hash(logits))
        .putUnencodedChars(hash(ids))
        .hash()
        .toString();
  }

  private static String hash(Path path) {
    try {
      String key =
          path.toAbsolutePath()
              + " "
              + Files.size(path)
              + " "
              + Files.getLastModifiedTime(path).toMillis();
      String known = HASHED.get(key);
      if (known == null) {
        Hasher hasher = Hashing.sha256().newHasher();
        try (InputStream in = Files.newInputStream(path);
            OutputStream out = Funnels.asOutputStream(hasher)) {
          ByteStreams.copy(in, out);
        }
        known = hasher.hash().toString();
        HASHED.put(key, known);
      }
      return known;
    } catch (IOException e) {
      throw new DataException(path + " cannot be read: " + e.getMessage(), e);
    }
  }
}
