package dev.stillhouse.pipeline.packing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.primitives.Ints;
import dev.stillhouse.pipeline.corpus.Corpora;
import dev.stillhouse.pipeline.corpus.CorpusFormat;
import dev.stillhouse.pipeline.corpus.CorpusOptions;
import dev.stillhouse.pipeline.corpus.CorpusPlan;
import dev.stillhouse.pipeline.corpus.CorpusSplit;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import dev.stillhouse.pipeline.tokenizer.Tokenizers;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.tokens.SegmentSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class PackerTest {
  private static final int SEPARATOR = 50256;

  @TempDir @Nullable Path directory;

  @SuppressWarnings("ArrayRecordComponent") // A carrier: compared field by field.
  private record Row(int[] tokens, int[] segments, List<SegmentSource> sources) {}

  private static PackTotals lay(
      List<List<Integer>> documents, int length, @Nullable Integer separator, List<Row> rows) {
    RowBuilder builder =
        new RowBuilder(
            new Packing(length, 1, separator),
            (tokens, segments, sources) -> rows.add(new Row(tokens, segments, sources)));
    for (int i = 0; i < documents.size(); i++) {
      builder.start(new SegmentSource("a.bin", i));
      documents.get(i).forEach(builder::token);
      builder.end();
    }
    return builder.finish();
  }

  @Test
  void documentsLieEndToEnd() {
    List<Row> rows = new ArrayList<>();
    PackTotals totals =
        lay(List.of(List.of(1, 2), List.of(), List.of(3, 4, 5, 6)), 4, SEPARATOR, rows);
    assertEquals(3, rows.size());
    assertArrayEquals(new int[] {1, 2, SEPARATOR, SEPARATOR}, rows.get(0).tokens());
    assertArrayEquals(new int[] {0, 0, 0, 1}, rows.get(0).segments());
    assertArrayEquals(new int[] {3, 4, 5, 6}, rows.get(1).tokens());
    assertArrayEquals(new int[] {SEPARATOR, 0, 0, 0}, rows.get(2).tokens());
    assertArrayEquals(new int[] {0, -1, -1, -1}, rows.get(2).segments());
    assertEquals(List.of(new SegmentSource("a.bin", 2)), rows.get(2).sources());
    assertEquals(new PackTotals(3, 1, 6, 3, 3, 3), totals);
  }

  @Test
  void anEmptyDocumentWithoutASeparatorIsCounted() {
    List<Row> rows = new ArrayList<>();
    PackTotals totals = lay(List.of(List.of(), List.of(7), List.of()), 2, null, rows);
    assertEquals(new PackTotals(3, 2, 1, 0, 1, 1), totals);
    assertEquals(List.of(new SegmentSource("a.bin", 1)), rows.get(0).sources());
    assertEquals(PackTotals.NONE, lay(List.of(), 2, null, rows));
  }

  @Property(tries = 500)
  void unpackingGivesTheDocumentsBack(
      @ForAll @Size(max = 20) List<@Size(max = 30) List<@IntRange(max = 9) Integer>> documents,
      @ForAll @IntRange(min = 1, max = 12) int length,
      @ForAll boolean separated) {
    List<Row> rows = new ArrayList<>();
    Integer separator = separated ? SEPARATOR : null;
    PackTotals totals = lay(documents, length, separator, rows);
    Map<Long, List<Integer>> unpacked = new LinkedHashMap<>();
    int padding = 0;
    for (Row row : rows) {
      assertEquals(length, row.tokens().length);
      for (int t = 0; t < length; t++) {
        int segment = row.segments()[t];
        if (segment < 0) {
          padding++;
          assertEquals(0, row.tokens()[t]);
        } else {
          assertEquals(0, padding, "padding only at the end");
          // From one slot to the next a segment goes on, or the next one begins.
          int step = segment - (t == 0 ? -1 : row.segments()[t - 1]);
          assertTrue(t == 0 ? step == 1 : step == 0 || step == 1);
          unpacked
              .computeIfAbsent(row.sources().get(segment).document(), d -> new ArrayList<>())
              .add(row.tokens()[t]);
        }
      }
      assertEquals(Arrays.stream(row.segments()).max().orElse(-1) + 1, row.sources().size());
    }
    Map<Long, List<Integer>> expected = new LinkedHashMap<>();
    for (int i = 0; i < documents.size(); i++) {
      List<Integer> tokens = new ArrayList<>(documents.get(i));
      if (separator != null) {
        tokens.add(separator);
      }
      if (!tokens.isEmpty()) {
        expected.put((long) i, tokens);
      }
    }
    assertEquals(expected, unpacked);
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(unpacked.keySet()));
    assertTrue(padding < length);
    assertEquals(padding, totals.padding());
    assertEquals(
        (long) rows.size() * length, totals.tokens() + totals.separators() + totals.padding());
    assertEquals(documents.size(), totals.documents());
    assertEquals(rows.size(), totals.sequences());
  }

  @Test
  void aUnitOfManyFormatsIsPacked() {
    Path corpus = directory == null ? Path.of("") : directory;
    Corpora.write(corpus, "a.txt", "Hello world");
    Corpora.write(corpus, "b.jsonl", "{\"text\":\"Hello\"}\n{\"text\":\" world\"}\n");
    Corpora.write(corpus, "c.bin", Corpora.uint16(1, SEPARATOR, 2, SEPARATOR));
    CorpusOptions options = CorpusOptions.defaults(SEPARATOR);
    CorpusSplit split = CorpusPlan.of(List.of(corpus.toString()), options).splits().get(0);
    List<Integer> ids = new ArrayList<>();
    List<SegmentSource> all = new ArrayList<>();
    PackTotals totals =
        new Packer(new Packing(4, 8, SEPARATOR), options, Tokenizers.named("gpt2"))
            .pack(
                split,
                (tokens, segments, sources) -> {
                  ids.addAll(Ints.asList(tokens));
                  all.addAll(sources);
                });
    int s = SEPARATOR;
    assertEquals(Ints.asList(15496, 995, s, 15496, s, 995, s, 1, s, 2, s, 0), ids);
    assertEquals(
        List.of("a.txt 0", "b.jsonl 0", "b.jsonl 0", "b.jsonl 1", "c.bin 0", "c.bin 0", "c.bin 1"),
        all.stream().map(source -> source.file() + " " + source.document()).toList());
    assertEquals(new PackTotals(5, 0, 6, 5, 1, 3), totals);
  }

  @Test
  void aBookIsPackedWhole() throws IOException {
    CorpusOptions options = CorpusOptions.defaults(null);
    Path book = Path.of("../testdata/moby-dick/moby-dick.txt");
    CorpusSplit split = CorpusPlan.of(List.of(book.toString()), options).splits().get(0);
    List<Integer> ids = new ArrayList<>();
    TextTokenizer gpt2 = Tokenizers.named("gpt2");
    PackTotals totals =
        new Packer(new Packing(512, 512, null), options, gpt2)
            .pack(split, (tokens, segments, sources) -> ids.addAll(Ints.asList(tokens)));
    int[] tokens = Ints.toArray(ids.subList(0, (int) totals.tokens()));
    assertEquals(Files.readString(book), gpt2.decode(tokens));
  }

  @Test
  void wrongSettingsSayWhatIsWrong() {
    assertUsage(() -> new Packing(0, 1, null), "sequence length 0: need 1 to 1048576");
    assertUsage(() -> new Packing(1 << 21, 1, null), "sequence length 2097152");
    assertUsage(() -> new Packing(1, 0, null), "0 sequences a shard: need >= 1");
    assertUsage(() -> new Packing(1, 1, -1), "separator id -1: need >= 0");
    assertUsage(() -> new CorpusOptions("", false, 2, null), "text field '' is empty");
    assertUsage(() -> new CorpusOptions("text", false, 3, null), "3 bytes an id");
    assertUsage(() -> CorpusOptions.tokenBytes("int8"), "'int8' is not read; present: [uint16");
    TextTokenizer gpt2 = Tokenizers.named("gpt2");
    assertUsage(
        () -> new Packer(new Packing(1, 1, 50257), CorpusOptions.defaults(50257), gpt2),
        "separator id 50257 is outside the vocabulary of tokenizer 'gpt2'");
    assertUsage(
        () -> new Packer(new Packing(1, 1, 5), CorpusOptions.defaults(null), gpt2),
        "read with separator null but packed with 5");
  }

  @Test
  void settingsHaveOneTextEach() {
    assertEquals(
        "sequenceLength=512 shardSequences=64 separator=null",
        new Packing(512, 64, null).canonical());
    CorpusOptions options = new CorpusOptions("body", true, CorpusOptions.tokenBytes("uint32"), 5);
    assertEquals("text paragraphs=true", CorpusFormat.TEXT.settings(options));
    assertEquals("tokens bits=32 separator=5", CorpusFormat.TOKENS.settings(options));
    assertEquals("jsonl field=body", CorpusFormat.JSONL.settings(options));
  }

  private static void assertUsage(Executable call, String part) {
    String message = Corpora.failure(UsageException.class, call);
    assertTrue(message.contains(part), message);
  }
}
