package dev.stillhouse.storage.layout.adaptive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.layout.pages.Entries;
import dev.stillhouse.storage.layout.pages.RowEntries;
import dev.stillhouse.storage.parquet.PlainPage;
import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.SampleBatches;
import dev.stillhouse.storage.statistics.StatisticSpec;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Values of bands whose checksums hold, but which no writer of ours would make. */
class HostileBandTest {
  private static final int VOCABULARY = 300;
  private static final int LENGTH = 60;
  private static final Band BAND = new Band(0, Integer.MAX_VALUE, 7);
  private static final LogProbQuantizer STEPS = new LogProbQuantizer(0.01f);

  private final StatisticsBatch batch;
  private final int[] kept = new int[LENGTH];
  private final Prior prior;
  private final byte[] value;

  HostileBandTest() {
    Random random = new Random(3);
    TokenBatch tokens = SampleBatches.tokens(random, 0, 1, LENGTH, VOCABULARY / 30);
    batch =
        SampleBatches.statistics(
            random, tokens, 12, VOCABULARY, StatisticSpec.parse("top-p:0.9,max=12"));
    for (int i = 0; i < LENGTH; i++) {
      kept[i] = batch.offsets()[i + 1] - batch.offsets()[i];
    }
    prior = new PriorFit(VOCABULARY, List.of(batch), Integer.MAX_VALUE).fit();
    try (BandWriter writer = new BandWriter(prior, STEPS)) {
      value = writer.write(batch, 0, kept, BAND, new int[LENGTH]);
    }
  }

  @Test
  void asItWasWrittenItIsRead() {
    Entries read = read(value, prior);
    assertArrayEquals(Arrays.copyOf(batch.ids(), batch.entries()), read.ids());
    for (int e = 0; e < batch.entries(); e++) {
      float off = batch.logProbs()[e] - read.logProbs()[e];
      assertTrue(batch.logProbs()[e] == read.logProbs()[e] || Math.abs(off) <= STEPS.bound());
    }
  }

  @Test
  void cutAnywhereItIsRefused() {
    for (int length = 0; length < value.length; length++) {
      byte[] cut = Arrays.copyOf(value, length);
      assertThrows(DamagedBlobException.class, () -> read(cut, prior));
    }
    byte[] longer = Arrays.copyOf(value, value.length + 1);
    assertThrows(DamagedBlobException.class, () -> read(longer, prior));
  }

  @Property(tries = 3000)
  void changedAnywhereItIsRefusedOrHasIdsOfTheVocabulary(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] changed = value.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      changed[random.nextInt(changed.length)] = (byte) random.nextInt();
    }
    try {
      for (int id : read(changed, prior).ids()) {
        assertTrue(0 <= id && id < VOCABULARY);
      }
    } catch (DamagedBlobException e) {
      assertTrue(e.getMessage().contains("blob"));
    }
  }

  @Property(tries = 3000)
  void aPriorThatIsChangedIsRefusedOrIsOne(@ForAll long seed) {
    Random random = new Random(seed);
    String text = PriorBytes.write(prior);
    byte[] packed = Base64.getDecoder().decode(text);
    packed[random.nextInt(packed.length)] = (byte) random.nextInt();
    String changed = new String(Base64.getEncoder().encode(packed), StandardCharsets.ISO_8859_1);
    try {
      Prior read = PriorBytes.read("blob", changed, VOCABULARY);
      read(value, read);
    } catch (DamagedBlobException e) {
      assertTrue(e.getMessage().contains("blob"));
    }
  }

  @Test
  void aPriorIsReadAsItWasWritten() {
    Prior read = PriorBytes.read("blob", PriorBytes.write(prior), VOCABULARY);
    assertArrayEquals(prior.ranked(), read.ranked());
    for (int token = 0; token < VOCABULARY; token++) {
      assertArrayEquals(prior.list(token), read.list(token));
    }
    assertTrue(prior.ranked().length > 0);
    for (String no : new String[] {"", "?", "AAAA", PriorBytes.write(prior).substring(4)}) {
      assertThrows(DamagedBlobException.class, () -> PriorBytes.read("blob", no, VOCABULARY));
    }
  }

  private Entries read(byte[] bytes, Prior expected) {
    int n = batch.entries();
    Entries entries = new Entries(batch.offsets(), new int[n], new float[n], Provenance.NONE);
    RowEntries row = new RowEntries(kept, Integer.MAX_VALUE, batch.offsets(), 0, 0);
    try (BandReader reader = new BandReader(expected, STEPS)) {
      reader.read(
          new PlainPage(bytes, 0, bytes.length),
          BAND,
          row,
          new int[LENGTH],
          batch.tokens().tokens(),
          entries,
          reason -> new DamagedBlobException("blob", 0, reason));
    }
    return entries;
  }
}
