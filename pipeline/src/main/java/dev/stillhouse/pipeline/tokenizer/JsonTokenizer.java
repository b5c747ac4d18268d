package dev.stillhouse.pipeline.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Suppliers;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Any tokenizer of Hugging Face's {@code tokenizer.json} format. {@link PlainTokens} says what is
 * changed in the file before the library gets it, {@link CutRule} when long texts are encoded in
 * parts, and {@link WholeEncoder#LONGEST} how long others may be.
 *
 * <p>Speed, measured on Moby-Dick on one core of a busy machine: 2.0 MB/s for GPT-2's as a
 * tokenizer.json, 1.6 MB/s for stories260K's; the built-in gpt2 does 9 to 18 MB/s, with equal ids.
 *
 * <p>The vocabulary is the highest id in the file + 1, over the model's and the added tokens.
 */
final class JsonTokenizer implements TextTokenizer {
  /** Names of tokens that end a document, in order of preference. */
  static final List<String> ENDS =
      List.of("</s>", "<|endoftext|>", "<|end_of_text|>", "<eos>", "<｜end▁of▁sentence｜>", "[SEP]");

  private final TokenizerFile file;
  private final String fingerprint;
  private final @Nullable String[] texts;
  private final boolean[] added;
  private final Set<Integer> special;
  private final Optional<TokenBytes> form;
  private final boolean cuts;
  private final int longest;
  private final Optional<String> chance;
  private final TokenizerLibrary library;
  private final Supplier<TokenizerLibrary> decoder;

  JsonTokenizer(TokenizerFile file) {
    this.file = file;
    fingerprint = file.fingerprint();
    TokenizerJson json = TokenizerJson.of(file);
    texts = json.texts();
    added = new boolean[texts.length];
    json.added().forEach(token -> added[token.id()] = true);
    special =
        json.added().stream()
            .filter(AddedToken::special)
            .map(AddedToken::id)
            .collect(Collectors.toUnmodifiableSet());
    form = TokenBytes.known(json.root().path("decoder"));
    ObjectNode plain = PlainTokens.rewrite(json, file.specialTokens(), fingerprint);
    cuts = CutRule.allows(plain);
    longest = WholeEncoder.LONGEST / TextGrowth.of(json);
    chance = json.chance();
    library = new TokenizerLibrary(file.name(), TokenizerJson.write(plain));
    // Some of the plain one's tokens have other contents.
    decoder =
        Suppliers.memoize(() -> new TokenizerLibrary(file.name(), new String(file.json(), UTF_8)));
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public Optional<byte[]> blob() {
    return Optional.of(file.bytes().clone());
  }

  @Override
  public int vocabulary() {
    return texts.length;
  }

  @Override
  public int endToken() {
    List<Integer> ends = endTokens();
    if (!ends.isEmpty()) {
      return ends.get(0);
    }
    throw UsageException.of(
        "tokenizer %s: which token ends a document is not known: it has none of %s; name it with"
            + " --separator ID, or choose --separator none",
        name(), String.join(" ", ENDS));
  }

  @Override
  public List<Integer> endTokens() {
    return ENDS.stream().map(Arrays.asList(texts)::indexOf).filter(id -> id >= 0).toList();
  }

  @Override
  public boolean special(int id) {
    return special.contains(id);
  }

  @Override
  public TextEncoder encoder(String source, IntConsumer ids) {
    return encoder(source, ChunkedEncoder.CHUNK, ids);
  }

  /** Returns an encoder with parts of another length, for tests. */
  TextEncoder encoder(String source, int chunk, IntConsumer ids) {
    return cuts
        ? new ChunkedEncoder(
            source, chunk, ChunkedEncoder.LONGEST, part -> encode(source, part, ids))
        : new WholeEncoder(source, longest, text -> encode(source, text, ids));
  }

  /** Refuses a file that draws tokens by chance: the same text would get other ids each time. */
  void refuseChance() {
    chance.ifPresent(
        setting -> {
          throw DataException.of(
              "tokenizer %s draws tokens by chance (%s), so no two runs would give the same ids; set"
                  + " it to null in a copy of the file, and name the copy",
              name(), setting);
        });
  }

  private void encode(String source, String text, IntConsumer ids) {
    for (long id : library.encode(source, text)) {
      if (id < 0 || id >= texts.length) {
        throw DataException.of(
            "%s: tokenizer %s gave id %d, but the highest in its file is %d",
            source, name(), id, texts.length - 1);
      }
      ids.accept((int) id);
    }
  }

  @Override
  public byte[] decode(int id) {
    if (id < 0 || id >= texts.length) {
      throw new IllegalArgumentException(
          "token id " + id + " is outside the vocabulary of " + texts.length);
    }
    String text = texts[id];
    if (text == null) {
      return new byte[0];
    }
    if (added[id]) {
      return text.getBytes(UTF_8);
    }
    return form.map(known -> known.of(text))
        .orElseGet(() -> decoder.get().decode(new long[] {id}).getBytes(UTF_8));
  }

  @Override
  public String decode(int[] ids) {
    if (form.isEmpty()) {
      return decoder.get().decode(Arrays.stream(ids).asLongStream().toArray());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : ids) {
      bytes.writeBytes(decode(id));
    }
    return bytes.toString(UTF_8);
  }
}
