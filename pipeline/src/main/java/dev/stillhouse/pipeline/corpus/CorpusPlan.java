package dev.stillhouse.pipeline.corpus;

import static com.google.common.base.Preconditions.checkArgument;

import dev.stillhouse.storage.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A corpus cut into corpus splits of about {@link #TARGET} bytes, in order.
 *
 * <p>A corpus split is either several files that together are no larger than the target, or a part
 * of one larger file. A larger file is cut at the first document start at or after each target. It
 * is not cut if there is none, as in a .txt file that is one document, or if it is compressed. So a
 * changed large file changes no other file's corpus splits. A compressed file counts with its
 * stored bytes.
 *
 * <p>With a limit of documents, files are counted up to it, and the rest is not read. A split of
 * plain text, jsonl or ids ends at the limit; other splits carry the limit with them.
 *
 * <p>An empty file is valid and holds no document.
 *
 * <p>Planning holds one buffer of 1 MiB and the list of corpus splits, whatever the corpus. It
 * reads small files once (to hash them) and large ones twice (to find the cuts, then to hash).
 */
public record CorpusPlan(List<CorpusSplit> splits) {
  /**
   * Bytes of a corpus split: large enough to fill token shards, small enough to spread over
   * workers.
   */
  public static final long TARGET = 16L << 20;

  public CorpusPlan {
    splits = List.copyOf(splits);
  }

  /** Plans the files that the arguments name; see {@link CorpusFiles} for what they may be. */
  public static CorpusPlan of(List<String> arguments, CorpusOptions options) {
    return of(arguments, options, TARGET);
  }

  /**
   * Plans with corpus splits of another size.
   *
   * @param target bytes of a split
   */
  public static CorpusPlan of(List<String> arguments, CorpusOptions options, long target) {
    return plan(CorpusFiles.find(CorpusSearch.of(arguments)), options, target);
  }

  /** Plans the files that a search finds. */
  public static CorpusPlan of(CorpusSearch search, CorpusOptions options) {
    return plan(CorpusFiles.find(search), options, TARGET);
  }

  private static CorpusPlan plan(List<CorpusFile> files, CorpusOptions options, long target) {
    checkArgument(target >= 1, "CorpusPlan: target=%s, need >= 1", target);
    checkNotEmpty(files);
    List<CorpusSplit> splits = new ArrayList<>();
    List<FileSplit> group = new ArrayList<>();
    long grouped = 0;
    long left = options.maxDocuments();
    for (CorpusFile file : files) {
      if (left == 0) {
        break;
      }
      if (file.format() == CorpusFormat.TOKENS) {
        TokenReader.checkLength(file.path().toString(), file.length(), options.tokenBytes());
      }
      if (grouped + file.length() > target && !group.isEmpty()) {
        splits.add(CorpusSplit.of(group, options));
        group.clear();
        grouped = 0;
      }
      FileCuts.Taken taken = FileCuts.take(file, options, target, left);
      left -= taken.documents();
      if (file.length() > target) {
        for (FileSplit fileSplit : taken.fileSplits()) {
          splits.add(CorpusSplit.of(List.of(fileSplit), options));
        }
      } else {
        group.addAll(taken.fileSplits());
        grouped += file.length();
      }
    }
    if (!group.isEmpty()) {
      splits.add(CorpusSplit.of(group, options));
    }
    return new CorpusPlan(splits);
  }

  /** Returns the bytes of all corpus splits. */
  public long bytes() {
    return splits.stream().mapToLong(CorpusSplit::bytes).sum();
  }

  private static void checkNotEmpty(List<CorpusFile> files) {
    if (files.stream().allMatch(file -> file.length() == 0 && file.mayBeEmpty())) {
      String names =
          files.stream()
              .limit(10)
              .map(file -> StandardInput.place(file.path().toString()))
              .collect(Collectors.joining(", "));
      throw DataException.of(
          "the corpus is empty: %d file(s) of 0 bytes: %s%s",
          files.size(), names, files.size() > 10 ? ", ..." : "");
    }
  }
}
