package dev.stillhouse.pipeline.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.google.common.base.Suppliers;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * One tokenizer of Hugging Face's tokenizers library (Rust), which DJL's jar contains.
 *
 * <p>DJL's own Java classes are not used. They keep the library in a cache in the user's home, ask
 * for CUDA and download other builds if they find it, and make a string and an object of every
 * token. Here the library is unpacked once a process to the directory {@code java.io.tmpdir} (15
 * MB), loaded and deleted at once; nothing goes to the network.
 *
 * <p>The library only reads a tokenizer that is made, except for a cache under its own lock, so one
 * serves all threads. A loaded tokenizer stays for the life of the JVM.
 */
final class TokenizerLibrary {
  private static final Supplier<TokenizersLibrary> LOADED =
      Suppliers.memoize(TokenizerLibrary::load);

  private final TokenizersLibrary library = LOADED.get();
  private final String name;
  private final long handle;

  /**
   * Creates a tokenizer.
   *
   * @param name for messages
   * @param json in the format of tokenizer.json
   * @throws DataException if the library refuses it, or cannot be loaded
   */
  TokenizerLibrary(String name, String json) {
    this.name = name;
    try {
      handle = library.createTokenizerFromString(json);
    } catch (RuntimeException e) {
      throw new DataException(
          name
              + ": the tokenizers library refuses it: "
              + e.getMessage()
              + "; save it again with a current release of Hugging Face tokenizers",
          e);
    }
  }

  /** Returns the ids of a text, without tokens around them. */
  long[] encode(String source, String text) {
    long encoding;
    try {
      encoding = library.encode(handle, text, false);
    } catch (RuntimeException e) {
      throw new DataException(
          source + ": tokenizer " + name + " cannot encode this text: " + e.getMessage(), e);
    }
    try {
      return library.getTokenIds(encoding);
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /** Returns the text of ids by the file's decoder; special tokens are not left out. */
  String decode(long[] ids) {
    try {
      return library.decode(handle, ids, false);
    } catch (RuntimeException e) {
      throw new DataException("tokenizer " + name + " cannot decode: " + e.getMessage(), e);
    }
  }

  private static TokenizersLibrary load() {
    String resource = resource();
    Path directory = Path.of(System.getProperty("java.io.tmpdir"));
    try (InputStream in = TokenizersLibrary.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw DataException.of(
            "the tokenizers library has no build for this machine (%s); use gpt2, cl100k or"
                + " o200k, or pack the corpus on Linux or macOS",
            resource);
      }
      Path file = Files.createTempFile(directory, "stillhouse-", ".tokenizers");
      try {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        System.load(file.toString());
      } finally {
        Files.delete(file);
      }
      return TokenizersLibrary.LIB;
    } catch (IOException | UnsatisfiedLinkError e) {
      throw new DataException(
          "the tokenizers library cannot be unpacked to '"
              + directory
              + "' and loaded: "
              + e
              + "; name a directory that is writable and allows execution:"
              + " STILLHOUSE_OPTS=-Djava.io.tmpdir=DIR",
          e);
    }
  }

  private static String resource() {
    boolean mac = System.getProperty("os.name").startsWith("Mac");
    String cpu = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return "/native/lib/"
        + (mac ? "osx-" : "linux-")
        + (cpu.equals("amd64") ? "x86_64" : cpu)
        + "/cpu/libtokenizers."
        + (mac ? "dylib" : "so");
  }
}
