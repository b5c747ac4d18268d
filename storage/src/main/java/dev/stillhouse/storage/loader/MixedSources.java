package dev.stillhouse.storage.loader;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.Hashes;
import java.util.List;

/**
 * Mixes corpora in exact shares, without end. Each goes through epochs of its own, so a small one
 * repeats more often. An epoch of the mixture has as many samples as all of them have sequences.
 */
final class MixedSources implements Examples {
  private final ImmutableList<Source> sources;
  private final Mixture mixture;

  MixedSources(List<Source> sources, Mixture mixture) {
    this.sources = ImmutableList.copyOf(sources);
    this.mixture = mixture;
  }

  @Override
  public ImmutableList<Source> sources() {
    return sources;
  }

  @Override
  public long epochSamples() {
    return sources.stream().mapToLong(Source::sequences).sum();
  }

  @Override
  public Example at(long number) {
    Mixture.SourceIndex place = mixture.at(number);
    Source source = sources.get(place.source());
    long epoch = place.index() / source.sequences();
    return new Example(place.source(), source.sequence(epoch, place.index() % source.sequences()));
  }

  @Override
  public String data() {
    StringBuilder text = new StringBuilder("stillhouse-mixture-1");
    for (int i = 0; i < sources.size(); i++) {
      text.append(' ').append(sources.get(i).manifest().fingerprint());
      text.append(':').append(mixture.shares().get(i));
    }
    return Hashes.sha256(text.toString()).substring(0, Cursor.DATA_DIGITS);
  }
}
