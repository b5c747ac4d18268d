package dev.stillhouse.pipeline.tokenizer;

import dev.stillhouse.pipeline.LocalPath;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.replica.ReplicaReader;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Finds tokenizers by name. Each is loaded on first use, then kept for the JVM's life. */
public final class Tokenizers {
  /** The name and fingerprint of the tokenizer of an imported dataset that does not know it. */
  public static final String UNKNOWN = "unknown";

  private static final String FILE = ".json";
  private static final Map<TiktokenModel, TextTokenizer> LOADED = new ConcurrentHashMap<>();
  // By name and fingerprint: a file that changes is another tokenizer.
  private static final Map<String, JsonTokenizer> FILES = new ConcurrentHashMap<>();

  private Tokenizers() {}

  /**
   * Returns the tokenizer {@code gpt2}, {@code cl100k} or {@code o200k}, or that of a
   * tokenizer.json.
   */
  public static TextTokenizer named(String name) {
    return named(name, false);
  }

  /**
   * Returns the tokenizer of this name.
   *
   * @param specialTokens whether special tokens that occur in text become their ids, instead of
   *     being text like any other; for a tokenizer.json only
   * @throws DataException if the file cannot be read or is no tokenizer
   */
  public static TextTokenizer named(String name, boolean specialTokens) {
    Optional<TextTokenizer> builtIn = builtIn(name);
    if (builtIn.isPresent()) {
      if (specialTokens) {
        throw UsageException.of(
            "tokenizer %s takes special tokens in text as text; --special-tokens is for a"
                + " tokenizer.json",
            name);
      }
      return builtIn.get();
    }
    if (!name.toLowerCase(Locale.ROOT).endsWith(FILE)) {
      throw UsageException.of(
          "no tokenizer named '%s'; present: [%s], or a Hugging Face tokenizer: FILE.json",
          name, TiktokenModel.ids());
    }
    JsonTokenizer loaded = load(TokenizerFile.read(LocalPath.of("tokenizer", name), specialTokens));
    loaded.refuseChance();
    return loaded;
  }

  /**
   * Returns the key of the blob under which a dataset keeps the tokenizer.json of this fingerprint.
   */
  public static String key(String fingerprint) {
    return TokenizerFile.key(fingerprint);
  }

  /**
   * Returns the tokenizer of a dataset: a built-in one, or its own copy of the tokenizer.json. The
   * user's file is not needed, so this works on any machine that reads the dataset.
   *
   * @param name as the manifest has it
   * @param fingerprint as the identity has it
   * @throws DataException if it is missing, or has another fingerprint
   */
  public static TextTokenizer ofDataset(String name, String fingerprint, ReplicaReader reader) {
    TextTokenizer there = builtIn(name).orElseGet(() -> stored(name, fingerprint, reader));
    if (!there.fingerprint().equals(fingerprint)) {
      throw DataException.of(
          "the dataset's tokenizer '%s' has fingerprint %s; the one present has %s, so its text"
              + " would be wrong",
          name, fingerprint, there.fingerprint());
    }
    return there;
  }

  private static byte[] checked(TokenizerFile file, String fingerprint) {
    if (!file.fingerprint().equals(fingerprint)) {
      throw new DamagedBlobException(
          TokenizerFile.key(fingerprint), 0, "its sha256 is " + file.fingerprint());
    }
    return file.bytes();
  }

  private static TextTokenizer stored(String name, String fingerprint, ReplicaReader reader) {
    TextTokenizer loaded = FILES.get(name + " " + fingerprint);
    if (loaded != null) {
      return loaded;
    }
    String key = TokenizerFile.key(fingerprint);
    byte[] blob =
        reader
            .readWhole(key, TokenizerFile.maxBlobBytes())
            .orElseThrow(
                () ->
                    DataException.of(
                        "tokenizer '%s': the dataset has no copy of it (%s)", name, key));
    TokenizerFile file = new TokenizerFile(name, blob);
    checked(file, fingerprint);
    return load(file);
  }

  private static JsonTokenizer load(TokenizerFile file) {
    return FILES.computeIfAbsent(
        file.name() + " " + file.fingerprint(), key -> new JsonTokenizer(file));
  }

  private static Optional<TextTokenizer> builtIn(String name) {
    for (TiktokenModel model : TiktokenModel.values()) {
      if (model.id().equals(name)) {
        return Optional.of(LOADED.computeIfAbsent(model, TiktokenTokenizer::new));
      }
    }
    return Optional.empty();
  }
}
