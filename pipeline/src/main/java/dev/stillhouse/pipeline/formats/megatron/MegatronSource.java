package dev.stillhouse.pipeline.formats.megatron;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.formats.Alignment;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.pipeline.formats.ImportSource;
import dev.stillhouse.pipeline.formats.SequenceSink;
import dev.stillhouse.pipeline.formats.SourceFacts;
import dev.stillhouse.pipeline.formats.SourceSequence;
import dev.stillhouse.pipeline.formats.fields.TokenFile;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.UsageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tar files of all ranks, read iteration after iteration, in the order of samples. */
final class MegatronSource implements ImportSource {
  private static final Pattern FILE =
      Pattern.compile("(?:cp(\\d{1,6})_)?dp(\\d{1,6})__(\\d{1,9})\\.tar");
  private static final Pattern MEMBER = Pattern.compile("(\\d{1,9})\\.pt\\.zst");
  private static final String META = "_meta.json";

  /** Where a rank's payload of an iteration is. */
  private record Located(ImportFile file, TarMembers tar, String member) {}

  private final TreeMap<Integer, TreeMap<Integer, Located>> iterations = new TreeMap<>();
  private final Path tokens;
  private final SourceFacts facts;
  private int ranks;
  private int microBatch;

  /**
   * Finds all payloads.
   *
   * @param microBatch samples of a micro-batch; 0 if the cache says it
   */
  MegatronSource(
      ImmutableList<ImportFile> files, Path tokens, int microBatch, Alignment alignment) {
    this.tokens = tokens;
    this.microBatch = microBatch;
    files.forEach(this::add);
    if (iterations.isEmpty()) {
      throw DataException.of("%s: no iteration is in these files", files.get(0).path());
    }
    iterations.forEach(this::check);
    Located first = iterations.firstEntry().getValue().firstEntry().getValue();
    double share = payload(first).share();
    facts =
        new SourceFacts(
            alignment,
            false,
            0,
            share,
            false,
            true,
            "tokens=" + TokenFile.sha256(tokens) + " micro-batch=" + microBatch);
  }

  private void add(ImportFile file) {
    Matcher name = FILE.matcher(String.valueOf(file.path().getFileName()));
    if (!name.matches()) {
      throw DataException.of(
          "%s: a cache's file is named dpRANK__ITERATION.tar or cp0_dpRANK__ITERATION.tar",
          file.path());
    }
    if (name.group(1) != null && Integer.parseInt(name.group(1)) > 0) {
      throw DataException.of(
          "%s: context-parallel rank %s has a part of each sequence, which is not put together"
              + " here; save the cache with one context-parallel rank",
          file.path(), name.group(1));
    }
    int rank = Integer.parseInt(name.group(2));
    TarMembers tar = new TarMembers(file);
    if (tar.all().containsKey(META)) {
      meta(file, tar.bytes(META));
    }
    for (String member : tar.all().keySet()) {
      Matcher iteration = MEMBER.matcher(member);
      if (iteration.matches()) {
        Located other =
            iterations
                .computeIfAbsent(Integer.parseInt(iteration.group(1)), key -> new TreeMap<>())
                .put(rank, new Located(file, tar, member));
        if (other != null) {
          throw DataException.of(
              "%s and %s both have iteration %s of rank %d; leave one out",
              other.file().path(), file.path(), iteration.group(1), rank);
        }
      }
    }
    ranks = Math.max(ranks, rank + 1);
  }

  private void meta(ImportFile file, byte[] json) {
    Map<?, ?> meta = Json.parse(file.path() + ", " + META, json, Map.class);
    Object saved = meta.get("mbs_save");
    if (saved == null && meta.get("saver") instanceof Map<?, ?> saver) {
      saved = saver.get("mbs_save");
    }
    if (saved instanceof Integer number && number > 0) {
      if (microBatch != 0 && microBatch != number) {
        throw UsageException.of(
            "--set micro-batch=%d: %s was saved with %d", microBatch, file.path(), number);
      }
      microBatch = number;
    }
  }

  private void check(int iteration, Map<Integer, Located> places) {
    if (places.size() != ranks) {
      throw DataException.of(
          "iteration %d has %d of %d data-parallel ranks; add the missing files",
          iteration, places.size(), ranks);
    }
    if (iteration != iterations.firstKey() && !iterations.containsKey(iteration - 1)) {
      throw DataException.of(
          "iteration %d is there and iteration %d is not; add the missing files, or name fewer",
          iteration, iteration - 1);
    }
  }

  @Override
  public SourceFacts facts() {
    return facts;
  }

  private static Payload payload(Located place) {
    return new Payload(
        place.file().path() + ", member " + place.member(), place.tar().bytes(place.member()));
  }

  @Override
  public void read(SequenceSink sink) {
    SourceSequence sequence = new SourceSequence();
    long sample = 0;
    try (TokenFile text = new TokenFile(tokens)) {
      for (TreeMap<Integer, Located> places : iterations.values()) {
        List<Located> order = new ArrayList<>(places.values());
        List<Payload> payloads = order.stream().map(MegatronSource::payload).toList();
        List<Cut> cuts = cuts(order, payloads);
        for (Cut cut : cuts) {
          Located place = order.get(cut.rank());
          sequence.begin(place.file(), sample, "member " + place.member() + ", sample " + sample);
          if (!text.next()) {
            throw DataException.of(
                "%s has the tokens of %d samples, the cache has more; a sample's tokens are needed"
                    + " for each",
                tokens, sample);
          }
          for (int i = 0; i < text.count(); i++) {
            sequence.token(text.token(i));
          }
          payloads.get(cut.rank()).rows(cut.batch(), cut.sample(), sequence);
          sink.accept(sequence);
          sample++;
        }
      }
    }
  }

  /** A sample of a rank. */
  private record Cut(int rank, int batch, int sample) {}

  /** Returns the samples of an iteration in their order: micro-batch, then rank, then sample. */
  private List<Cut> cuts(List<Located> places, List<Payload> payloads) {
    List<Integer> first = payloads.get(0).samples();
    for (int rank = 1; rank < payloads.size(); rank++) {
      if (!payloads.get(rank).samples().equals(first)) {
        throw DataException.of(
            "%s, member %s: its micro-batches are not those of rank 0",
            places.get(rank).file().path(), places.get(rank).member());
      }
    }
    List<Cut> cuts = new ArrayList<>();
    for (int batch = 0; batch < first.size(); batch++) {
      int size = first.get(batch);
      int step = first.size() == 1 && microBatch > 0 ? microBatch : size;
      if (first.size() == 1 && microBatch == 0 && ranks > 1) {
        throw new UsageException(
            "give --set micro-batch=N, the samples of a micro-batch when the cache was saved: it"
                + " decides the order of samples over several ranks, and the cache does not say it");
      }
      if (step == 0 || size % step != 0) {
        throw DataException.of(
            "%s, member %s: %d samples are no multiple of the micro-batch of %d",
            places.get(0).file().path(), places.get(0).member(), size, step);
      }
      for (int from = 0; from < size; from += step) {
        for (int rank = 0; rank < payloads.size(); rank++) {
          for (int sample = from; sample < from + step; sample++) {
            cuts.add(new Cut(rank, batch, sample));
          }
        }
      }
    }
    return cuts;
  }
}
