package dev.stillhouse.pipeline.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.Serializable;
import java.util.List;

/**
 * The input of one pack task: small files together, or a part of a large one.
 *
 * @param fileSplits in the order in which they are packed
 * @param contentHash sha256 (hex) over each file split's settings, length and stored bytes. It has
 *     no path or name, so that the same bytes elsewhere are the same corpus
 * @param packKey sha256 (hex) over contentHash and each file split's name, offset and first
 *     document. It names the receipt of packing, since token shards hold their files' names
 */
public record CorpusSplit(List<FileSplit> fileSplits, String contentHash, String packKey)
    implements Serializable {
  public CorpusSplit {
    fileSplits = List.copyOf(fileSplits);
  }

  /** Returns the corpus split of some file splits. */
  public static CorpusSplit of(List<FileSplit> fileSplits, CorpusOptions options) {
    Hasher content = Hashing.sha256().newHasher();
    for (FileSplit fileSplit : fileSplits) {
      String settings = fileSplit.compression().settings() + fileSplit.format().settings(options);
      put(content, options.sampleSettings() + settings);
      if (fileSplit.documents() != FileSplit.ALL) {
        put(content, "documents");
        content.putLong(fileSplit.documents());
      }
      content.putLong(fileSplit.length());
      put(content, fileSplit.sha256());
    }
    String contentHash = content.hash().toString();
    Hasher pack = Hashing.sha256().newHasher();
    put(pack, contentHash);
    for (FileSplit fileSplit : fileSplits) {
      put(pack, fileSplit.name());
      pack.putLong(fileSplit.offset()).putLong(fileSplit.firstDocument());
    }
    return new CorpusSplit(fileSplits, contentHash, pack.hash().toString());
  }

  /** Returns the bytes of all file splits. */
  public long bytes() {
    return fileSplits.stream().mapToLong(FileSplit::length).sum();
  }

  /** Adds a text behind its length, so that no two lists of texts give the same bytes. */
  private static void put(Hasher hasher, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    hasher.putInt(bytes.length).putBytes(bytes);
  }
}
