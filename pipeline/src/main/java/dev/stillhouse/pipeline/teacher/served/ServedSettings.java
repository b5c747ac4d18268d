package dev.stillhouse.pipeline.teacher.served;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import dev.stillhouse.storage.UsageException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The text behind {@code vllm:} or {@code sglang:} on the command line: {@code
 * URL[;URL...][,setting=value...]}.
 *
 * @param teacher name of the provider, for errors
 * @param urls of servers of the same model; they share the work
 * @param model as the servers name it; null for the only one that they have
 * @param context max tokens that the model is given at once; null for what the server says
 * @param stride how far a window moves; null for half the window
 * @param bos id that is put before every window and is no position of the dataset; null for none
 * @param tokens max tokens of the prompts that are under way at one server
 * @param patience seconds that servers which do not answer are waited for
 * @param tokenFile file of a bearer token; "" for the environment's
 * @param stated what the person says of the server and it does not tell itself, for the fingerprint
 */
record ServedSettings(
    String teacher,
    ImmutableList<URI> urls,
    @Nullable String model,
    @Nullable Integer context,
    @Nullable Integer stride,
    @Nullable Integer bos,
    int tokens,
    int patience,
    String tokenFile,
    String stated) {
  /**
   * Max tokens at once: two steps of a server with its default of 8,192 tokens a step, so that the
   * next step's prompts are there when one ends.
   */
  static final int TOKENS = 16_384;

  /** A large model takes a quarter of an hour to load again. */
  static final int PATIENCE = 1_200;

  private static final ImmutableList<String> SETTINGS =
      ImmutableList.of(
          "model",
          "context",
          "stride",
          "bos",
          "tokens",
          "patience",
          "token-file",
          "dtype",
          "batch-invariant");

  static ServedSettings parse(String teacher, String text) {
    ImmutableList.Builder<URI> urls = ImmutableList.builder();
    ImmutableList<String> parts = ImmutableList.copyOf(Splitter.on(',').split(text));
    for (String url : Splitter.on(';').split(parts.get(0))) {
      urls.add(url(teacher, url));
    }
    Parser parser = new Parser(teacher);
    parts.subList(1, parts.size()).forEach(parser::accept);
    return new ServedSettings(
        teacher,
        urls.build(),
        parser.model,
        parser.context,
        parser.stride,
        parser.bos,
        parser.tokens,
        parser.patience,
        parser.tokenFile,
        parser.stated.toString());
  }

  /** Returns the text without URLs and without the place of a file. */
  static String label(String text) {
    return Splitter.on(',')
        .splitToStream(text)
        .skip(1)
        .filter(setting -> !setting.startsWith("token-file="))
        .collect(Collectors.joining(","));
  }

  /** Checks a URL. A password in it would land in logs, so it is refused and not repeated. */
  private static URI url(String teacher, String text) {
    URI uri;
    try {
      uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    } catch (URISyntaxException e) {
      throw UsageException.of(
          "%s: the server's URL cannot be read at character %d; write it as in"
              + " %s:http://127.0.0.1:8000",
          teacher, e.getIndex(), teacher);
    }
    if (uri.getRawUserInfo() != null || text.contains("@")) {
      throw UsageException.of(
          "%s: leave name and password out of the URL, it is shown and logged; put a token into the"
              + " environment variable %s or a file (token-file=FILE)",
          teacher, BearerSecret.VARIABLE);
    }
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web || uri.getHost() == null || uri.getRawQuery() != null || uri.getFragment() != null) {
      throw UsageException.of(
          "%s: '%s' is no server's URL; need http://HOST:PORT or https://HOST[:PORT][/PATH], as in"
              + " %s:http://127.0.0.1:8000",
          teacher, text, teacher);
    }
    return uri;
  }

  /** Reads one setting after another. */
  private static final class Parser {
    private final String teacher;
    private @Nullable String model;
    private @Nullable Integer context;
    private @Nullable Integer stride;
    private @Nullable Integer bos;
    private int tokens = TOKENS;
    private int patience = PATIENCE;
    private String tokenFile = "";
    private final StringBuilder stated = new StringBuilder();

    Parser(String teacher) {
      this.teacher = teacher;
    }

    void accept(String setting) {
      int equals = setting.indexOf('=');
      String name = equals < 0 ? setting : setting.substring(0, equals);
      String value = equals < 0 ? "" : setting.substring(equals + 1);
      if (!SETTINGS.contains(name) || value.isEmpty()) {
        throw UsageException.of(
            "%s: no setting '%s'; present: %s, as in %s:http://127.0.0.1:8000,tokens=32768",
            teacher, setting, SETTINGS, teacher);
      }
      switch (name) {
        case "model" -> model = value;
        case "context" -> context = number(name, value, 3);
        case "stride" -> stride = number(name, value, 1);
        case "bos" -> bos = number(name, value, 0);
        case "tokens" -> tokens = number(name, value, 1);
        case "patience" -> patience = number(name, value, 0);
        case "token-file" -> tokenFile = value;
        default -> stated.append(' ').append(setting);
      }
    }

    private int number(String name, String text, int min) {
      Integer value = Ints.tryParse(text);
      if (value != null && value >= min) {
        return value;
      }
      throw UsageException.of("%s: %s=%s: need a whole number >= %d", teacher, name, text, min);
    }
  }
}
