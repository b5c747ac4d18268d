package dev.stillhouse.pipeline.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.IntArrayList;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Byte-pair encoding with a published vocabulary.
 *
 * <p>The JDK decides what a letter is: characters that Unicode took in after the JDK's release
 * split as signs. Text of such characters can have other ids on a newer JDK.
 */
final class TiktokenTokenizer implements TextTokenizer {
  private final TiktokenModel model;
  private final TiktokenVocabulary vocabulary;
  private final Encoding encoding;

  TiktokenTokenizer(TiktokenModel model) {
    this.model = model;
    vocabulary = TiktokenVocabulary.load(model);
    encoding = Encodings.newLazyEncodingRegistry().getEncoding(model.encoding);
  }

  @Override
  public String name() {
    return model.id();
  }

  @Override
  public String fingerprint() {
    return vocabulary.fingerprint();
  }

  @Override
  public int vocabulary() {
    return vocabulary.size();
  }

  @Override
  public int endToken() {
    return model.special.firstKey();
  }

  @Override
  public boolean special(int id) {
    return model.special.containsKey(id);
  }

  @Override
  public List<Integer> endTokens() {
    return List.of(endToken());
  }

  @Override
  public TextEncoder encoder(String source, IntConsumer ids) {
    return encoder(source, ChunkedEncoder.CHUNK, ids);
  }

  /** Returns an encoder with parts of another length, for tests. */
  TextEncoder encoder(String source, int chunk, IntConsumer ids) {
    return new ChunkedEncoder(source, chunk, ChunkedEncoder.LONGEST, part -> encode(part, ids));
  }

  private void encode(String part, IntConsumer ids) {
    IntArrayList encoded = encoding.encodeOrdinary(part);
    for (int i = 0; i < encoded.size(); i++) {
      ids.accept(encoded.get(i));
    }
  }

  @Override
  public byte[] decode(int id) {
    return vocabulary.bytes(id).clone();
  }

  @Override
  public String decode(int[] ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : ids) {
      bytes.writeBytes(vocabulary.bytes(id));
    }
    return bytes.toString(UTF_8);
  }
}
