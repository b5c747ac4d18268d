package dev.stillhouse.serve;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.loader.Cursor;
import dev.stillhouse.storage.loader.StudentLoader;
import dev.stillhouse.storage.manifest.Manifest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code GetFlightInfo} says in its metadata, as JSON.
 *
 * @param v version of this form
 * @param datasets one, or those of a mixture, then those that are joined
 * @param load of a request; null where a dataset was only named
 */
record LoadInfo(int v, List<Of> datasets, @Nullable Load load) {
  /**
   * A dataset.
   *
   * @param sequences of the whole dataset
   * @param sequenceLength positions of each (T)
   * @param positions without padding
   */
  record Of(
      String name,
      long version,
      String digest,
      String fingerprint,
      String layout,
      String statistic,
      String teacher,
      String tokenizer,
      int vocabulary,
      long sequences,
      int sequenceLength,
      long positions,
      long bytes) {
    static Of of(String name, Dataset dataset) {
      Manifest manifest = dataset.manifest();
      return new Of(
          name,
          manifest.version(),
          manifest.digest(),
          manifest.fingerprint(),
          manifest.identity().layout(),
          manifest.identity().statistic(),
          manifest.teacher(),
          manifest.tokenizer(),
          manifest.vocabulary(),
          manifest.sequences(),
          manifest.sequenceLength(),
          manifest.totals().positions(),
          manifest.bytes());
    }
  }

  /**
   * A request's loader.
   *
   * @param k entries of a position in each batch
   * @param rows sequences of each batch of this rank, those that are not there included
   * @param steps batches that come
   * @param epochSamples samples of an epoch, all ranks together
   * @param cursor where the first step begins
   */
  record Load(int k, int rows, long steps, long epochSamples, Cursor cursor) {
    static Load of(LoadPlan plan, StudentLoader loader) {
      int batch = loader.cursor().batch();
      int ranks = plan.request().worldSize();
      return new Load(
          plan.form().k(),
          (batch + ranks - 1) / ranks,
          loader.stepsLeft(),
          loader.epochSamples(),
          loader.cursor());
    }
  }

  static LoadInfo of(ImmutableList<String> names, List<Dataset> datasets, @Nullable Load load) {
    ImmutableList.Builder<Of> all = ImmutableList.builder();
    for (int i = 0; i < datasets.size(); i++) {
      all.add(Of.of(names.get(i), datasets.get(i)));
    }
    return new LoadInfo(LoadRequest.VERSION, all.build(), load);
  }
}
