package dev.stillhouse.storage.layout.adaptive;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.stillhouse.storage.DamagedBlobException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;

/** Reads and writes a {@link Prior} as the text in a footer; the grammar is this package's. */
final class PriorBytes {
  private static final int LEVEL = 3;

  /** Max bytes of a prior before compression. */
  private static final int MAX = 64 << 20;

  /** Largest vocabulary: a token has three bytes. */
  private static final int MAX_VOCABULARY = 1 << 24;

  private static final int GROUP_BITS = 7;
  private static final int MORE = 1 << GROUP_BITS;

  private final String blob;
  private final byte[] bytes;
  private int at;

  private PriorBytes(String blob, byte[] bytes) {
    this.blob = blob;
    this.bytes = bytes;
  }

  /** Returns the text of a prior. */
  static String write(Prior prior) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    number(out, prior.ranked().length);
    int last = 0;
    for (int id : prior.ranked()) {
      // Ids of the same frequency ascend.
      number(out, (id - last) << 1 ^ (id - last) >> (Integer.SIZE - 1));
      last = id;
    }
    int before = -1;
    for (int token = 0; token < prior.vocabulary(); token++) {
      int[] list = prior.list(token);
      if (list.length > 0) {
        number(out, token - before);
        number(out, list.length);
        Arrays.stream(list).forEach(id -> number(out, prior.rank(id)));
        before = token;
      }
    }
    byte[] packed = Zstd.compress(out.toByteArray(), LEVEL);
    return Base64.getEncoder().encodeToString(packed);
  }

  private static void number(ByteArrayOutputStream out, int value) {
    int left = value;
    while (left >>> GROUP_BITS != 0) {
      out.write(left | MORE);
      left >>>= GROUP_BITS;
    }
    out.write(left);
  }

  /** Reads the text of a footer with this vocabulary. */
  static Prior read(String blob, String text, int vocabulary) {
    if (vocabulary > MAX_VOCABULARY) {
      throw new DamagedBlobException(
          blob, 0, "a vocabulary of " + vocabulary + ", layout adaptive has " + MAX_VOCABULARY);
    }
    byte[] packed;
    try {
      packed = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new DamagedBlobException(blob, 0, "its prior is no base64: " + e.getMessage(), e);
    }
    return new PriorBytes(blob, inflate(blob, packed)).read(vocabulary);
  }

  private static byte[] inflate(String blob, byte[] packed) {
    long size = packed.length == 0 ? 0 : Zstd.getFrameContentSize(packed);
    if (size < 1 || size > MAX) {
      throw new DamagedBlobException(
          blob, 0, "its prior says that it has " + size + " bytes, need 1 to " + MAX);
    }
    try {
      byte[] bytes = new byte[(int) size];
      long written = Zstd.decompress(bytes, packed);
      if (Zstd.isError(written) || written != size) {
        throw new DamagedBlobException(blob, 0, "its prior has not the " + size + " bytes it says");
      }
      return bytes;
    } catch (ZstdException e) {
      throw new DamagedBlobException(blob, 0, "its prior is no zstd: " + e.getMessage(), e);
    }
  }

  private Prior read(int vocabulary) {
    int[] ranked = new int[upTo(vocabulary, "ids ranked")];
    boolean[] seen = new boolean[vocabulary];
    int last = 0;
    for (int i = 0; i < ranked.length; i++) {
      int step = number();
      last += step >>> 1 ^ -(step & 1);
      if (last < 0 || last >= vocabulary || seen[last]) {
        throw damaged("id " + last + " is ranked, of " + vocabulary + ", or twice");
      }
      seen[last] = true;
      ranked[i] = last;
    }
    int[][] lists = new int[vocabulary][];
    Arrays.fill(lists, new int[0]);
    int token = -1;
    while (at < bytes.length) {
      int step = upTo(vocabulary, "tokens to the next list");
      token += step;
      if (step == 0 || token >= vocabulary) {
        throw damaged("a list of token " + token + ", of " + vocabulary);
      }
      int[] list = new int[upTo(Prior.LONGEST, "ids of a list")];
      for (int i = 0; i < list.length; i++) {
        list[i] = ranked[upTo(ranked.length - 1, "rank of an id")];
      }
      lists[token] = list;
    }
    return new Prior(ranked, lists);
  }

  private int upTo(int max, String what) {
    int value = number();
    if (value < 0 || value > max) {
      throw damaged(what + ": " + Integer.toUnsignedString(value) + ", at most " + max);
    }
    return value;
  }

  private int number() {
    int value = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += GROUP_BITS) {
      if (at == bytes.length) {
        throw damaged("it ends within a number");
      }
      int group = bytes[at++];
      value |= (group & (MORE - 1)) << shift;
      if (group >= 0) {
        return value;
      }
    }
    throw damaged("a number of more than five bytes");
  }

  private DamagedBlobException damaged(String reason) {
    return new DamagedBlobException(blob, 0, "its prior, byte " + at + ": " + reason);
  }
}
