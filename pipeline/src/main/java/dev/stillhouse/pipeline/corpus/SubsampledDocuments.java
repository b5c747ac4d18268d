package dev.stillhouse.pipeline.corpus;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.stillhouse.storage.tokens.SegmentSource;
import org.jspecify.annotations.Nullable;

/**
 * Passes on a share of the documents. Whether a document is in follows from its first {@value
 * #DECIDING} characters or ids alone: the same in any file, order, corpus split or platform. The
 * documents of a small share are in every larger one. Equal documents are in or out together.
 *
 * <p>Memory is these first characters or ids. Bad documents are reported whatever the share, since
 * they cannot be hashed.
 */
public final class SubsampledDocuments implements DocumentSink {
  /** Characters or ids that decide. */
  static final int DECIDING = 64 << 10;

  private static final String KEY = "stillhouse-sample-1";

  private final DocumentSink sink;
  private final double share;
  private final StringBuilder text = new StringBuilder();
  private int[] ids = {};
  private int held;
  // The open document, until it is decided.
  private @Nullable SegmentSource undecided;
  private boolean in;

  public SubsampledDocuments(DocumentSink sink, double share) {
    this.sink = sink;
    this.share = share;
  }

  @Override
  public void start(SegmentSource source) {
    undecided = source;
    text.setLength(0);
    held = 0;
    in = false;
  }

  @Override
  public void text(CharSequence chunk) {
    if (undecided != null) {
      int room = DECIDING - text.length();
      if (chunk.length() < room) {
        text.append(chunk);
        return;
      }
      decide(hasher().putUnencodedChars(chunk.subSequence(0, room)));
    }
    if (in) {
      sink.text(chunk);
    }
  }

  @Override
  public void tokens(int[] next, int count) {
    if (undecided != null) {
      int room = DECIDING - held;
      if (count < room) {
        hold(next, count);
        return;
      }
      Hasher hasher = hasher();
      for (int i = 0; i < room; i++) {
        hasher.putInt(next[i]);
      }
      decide(hasher);
    }
    if (in) {
      sink.tokens(next, count);
    }
  }

  private void hold(int[] next, int count) {
    if (ids.length == 0) {
      ids = new int[DECIDING];
    }
    System.arraycopy(next, 0, ids, held, count);
    held += count;
  }

  @Override
  public void end() {
    if (undecided != null) {
      decide(hasher());
    }
    if (in) {
      sink.end();
    }
  }

  @Override
  public void stored(long bytes) {
    sink.stored(bytes);
  }

  @Override
  public void bad(SegmentSource source, BadDocumentException why) {
    undecided = null;
    in = false;
    sink.bad(source, why);
  }

  /** Returns a hasher with the held characters or ids. */
  private Hasher hasher() {
    Hasher hasher = Hashing.sha256().newHasher().putUnencodedChars(KEY).putUnencodedChars(text);
    for (int i = 0; i < held; i++) {
      hasher.putInt(ids[i]);
    }
    return hasher;
  }

  private void decide(Hasher hasher) {
    SegmentSource source = undecided;
    undecided = null;
    // 53 bits: every value is a double, in [0, 1).
    in = (hasher.hash().asLong() >>> 11) * 0x1.0p-53 < share;
    if (in && source != null) {
      sink.start(source);
      if (text.length() > 0) {
        sink.text(text);
      }
      if (held > 0) {
        sink.tokens(ids, held);
      }
    }
  }
}
