package dev.stillhouse.pipeline.tokenizer;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.IntConsumer;

/** The tokenizer gpt2, but for an error. */
public final class ThrowingTokenizer {
  /** Where it comes: when an encoder is asked for, given text, or asked for the rest. */
  public static final List<String> PLACES = List.of("encoder", "text", "end");

  private ThrowingTokenizer() {}

  /** Returns a tokenizer that throws this at one of the {@link #PLACES}. */
  public static TextTokenizer of(Error error, String place) {
    TextTokenizer gpt2 = Tokenizers.named("gpt2");
    return (TextTokenizer)
        Proxy.newProxyInstance(
            TextTokenizer.class.getClassLoader(),
            new Class<?>[] {TextTokenizer.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("encoder")) {
                return method.invoke(gpt2, arguments);
              }
              if (place.equals("encoder")) {
                throw error;
              }
              TextEncoder encoder = gpt2.encoder((String) arguments[0], (IntConsumer) arguments[1]);
              return new TextEncoder() {
                @Override
                public void text(CharSequence chunk) {
                  if (place.equals("text")) {
                    throw error;
                  }
                  encoder.text(chunk);
                }

                @Override
                public void end() {
                  throw error;
                }
              };
            });
  }
}
