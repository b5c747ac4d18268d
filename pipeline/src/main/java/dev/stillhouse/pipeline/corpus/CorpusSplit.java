package dev.stillhouse.pipeline.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.Serializable;
import java.util.List;

/**
 * What is packed at once: small files together, or a part of a large one.
 *
 * @param pieces in the order in which they are packed
 * @param contentHash sha256 (hex) over each piece's settings, length and stored bytes. No path or
 *     name, so that the same bytes elsewhere are the same corpus
 * @param packKey sha256 (hex) over contentHash and each piece's name, offset and first document.
 *     Names what packing left behind, since token shards remember their files' names
 */
public record CorpusSplit(List<FileSplit> pieces, String contentHash, String packKey)
    implements Serializable {
  public CorpusSplit {
    pieces = List.copyOf(pieces);
  }

  /** The unit of these pieces. */
  public static CorpusSplit of(List<FileSplit> pieces, CorpusOptions options) {
    Hasher content = Hashing.sha256().newHasher();
    for (FileSplit piece : pieces) {
      String settings = piece.compression().settings() + piece.format().settings(options);
      put(content, options.sampleSettings() + settings);
      if (piece.documents() != FileSplit.ALL) {
        put(content, "documents");
        content.putLong(piece.documents());
      }
      content.putLong(piece.length());
      put(content, piece.sha256());
    }
    String contentHash = content.hash().toString();
    Hasher pack = Hashing.sha256().newHasher();
    put(pack, contentHash);
    for (FileSplit piece : pieces) {
      put(pack, piece.name());
      pack.putLong(piece.offset()).putLong(piece.firstDocument());
    }
    return new CorpusSplit(pieces, contentHash, pack.hash().toString());
  }

  /** Bytes of all pieces. */
  public long bytes() {
    return pieces.stream().mapToLong(FileSplit::length).sum();
  }

  /** Puts the length first, so that no two lists of texts make the same bytes. */
  private static void put(Hasher hasher, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    hasher.putInt(bytes.length).putBytes(bytes);
  }
}
