package dev.stillhouse.pipeline.teacher.served;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Ints;
import dev.stillhouse.pipeline.teacher.served.ServerInfo.Forced;
import dev.stillhouse.pipeline.teacher.served.ServerLink.Refusal;
import dev.stillhouse.pipeline.teacher.served.ServerLink.Reply;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * vLLM's two forms of prompt log-probs (0.32; {@code docs/serving} of the project): {@code
 * /inference/v1/generate} where the server has it, since it decodes no candidate into text, and
 * {@code /v1/completions} elsewhere. Ids by name come from the first alone.
 *
 * <p>Nothing tells the largest number of entries and the vocabulary, but the refusal of a request
 * for all of them does.
 */
final class VllmApi implements ServedApi {
  private static final String COMPLETIONS = "/v1/completions";
  private static final String GENERATE = "/inference/v1/generate";
  private static final Pattern LIMITS =
      Pattern.compile("logprobs of (\\d+), which is greater than max allowed: (\\d+)");
  private static final int[] TWO_TOKENS = {0, 0};
  private static final int BYTES_OF_ENTRY = 512; // its text may be long, and escaped

  @Override
  public String name() {
    return "vllm";
  }

  @Override
  public String maxTopHint() {
    return "start the server with --max-logprobs %d or more";
  }

  @Override
  public ServerInfo probe(ServerLink link, ServedSettings settings)
      throws IOException, InterruptedException {
    JsonNode models = answer(link, "/v1/models", link.get("/v1/models"));
    JsonNode model = model(link, settings, models);
    String id = model.path("id").asText();
    int length = model.path("max_model_len").asInt(0);
    String version =
        link.get("/version").answer().map(v -> v.path("version").asText("")).orElse("");
    boolean generates = generates(link, id);
    Limits limits = limits(link, id, generates);
    return new ServerInfo(
        version.isEmpty() ? "unknown" : version,
        id,
        "",
        generates ? GENERATE : COMPLETIONS,
        length == 0 ? ServerInfo.UNKNOWN : length - 1,
        limits.top(),
        limits.vocabulary(),
        generates ? forced(link, id) : Forced.NONE);
  }

  private static JsonNode answer(ServerLink link, String path, Reply<JsonNode> reply) {
    if (reply.refusal().isPresent()) {
      throw new DataException(
          link.refused(path, reply.refusal().get()).getMessage() + "; is it a vLLM server?");
    }
    return reply.answer().orElseThrow();
  }

  private static JsonNode model(ServerLink link, ServedSettings settings, JsonNode models) {
    List<String> ids = new ArrayList<>();
    List<JsonNode> whole = new ArrayList<>();
    for (JsonNode model : models.path("data")) {
      String id = model.path("id").asText("");
      if (id.equals(settings.model())) {
        return model;
      }
      ids.add(id);
      if (model.path("parent").isMissingNode() || model.path("parent").isNull()) {
        whole.add(model); // Adapters name the model that they change.
      }
    }
    if (settings.model() == null && whole.size() == 1) {
      return whole.get(0);
    }
    throw DataException.of(
        "%s: %s; it has %s, choose with model=NAME",
        link.url(),
        settings.model() == null
            ? "it serves " + whole.size() + " models"
            : "it has no model '" + settings.model() + "'",
        ids);
  }

  /** Returns whether the server has the form without text; 403 and 404 say that it has not. */
  private static boolean generates(ServerLink link, String model)
      throws IOException, InterruptedException {
    Reply<JsonNode> reply =
        link.post(
            GENERATE,
            generate(model, new Question(TWO_TOKENS, 1, ImmutableIntArray.of()), Forced.NONE));
    return reply.answer().isPresent() && reply.answer().get().path("prompt_logprobs").size() == 2;
  }

  /** Returns the form in which ids are named; older servers take one list for all rows alone. */
  private static Forced forced(ServerLink link, String model)
      throws IOException, InterruptedException {
    Question question = new Question(TWO_TOKENS, 1, ImmutableIntArray.of(0));
    for (Forced form : List.of(Forced.ROWS, Forced.LIST)) {
      Reply<JsonNode> reply = link.post(GENERATE, generate(model, question, form));
      if (reply.answer().isPresent()
          && reply.answer().get().path("prompt_token_id_logprobs").isTextual()) {
        return form;
      }
    }
    return Forced.NONE;
  }

  private record Limits(int top, int vocabulary) {}

  private static Limits limits(ServerLink link, String model, boolean generates)
      throws IOException, InterruptedException {
    Question all = new Question(TWO_TOKENS, -1, ImmutableIntArray.of());
    String path = generates ? GENERATE : COMPLETIONS;
    String body = generates ? generate(model, all, Forced.NONE) : completions(model, all);
    Reply<Integer> reply =
        link.post(
            path,
            body.getBytes(UTF_8),
            answer -> VllmAnswer.read(answer, 1L << 28).prompt().offset(2),
            all.cancel());
    if (reply.answer().isPresent()) {
      return new Limits(ServerInfo.UNKNOWN, reply.answer().get()); // All ids came.
    }
    Matcher limits = LIMITS.matcher(reply.refusal().map(Refusal::message).orElse(""));
    Integer vocabulary = limits.find() ? Ints.tryParse(limits.group(1)) : null;
    Integer top = vocabulary == null ? null : Ints.tryParse(limits.group(2));
    return vocabulary == null || top == null
        ? new Limits(ServerInfo.UNKNOWN, ServerInfo.UNKNOWN)
        : new Limits(top, vocabulary);
  }

  @Override
  public PromptScores ask(ServerLink link, ServerInfo info, Question question)
      throws IOException, InterruptedException {
    boolean generates = info.form().equals(GENERATE);
    String body =
        generates
            ? generate(info.model(), question, info.forced())
            : completions(info.model(), question);
    long entries = (long) question.prompt().length * (question.top() + 2);
    long max = (1 << 20) + entries * BYTES_OF_ENTRY;
    Reply<VllmAnswer> reply =
        link.post(
            info.form(),
            body.getBytes(UTF_8),
            answer -> link.parsing(() -> VllmAnswer.read(answer, max)),
            question.cancel());
    if (reply.refusal().isPresent()) {
      throw refused(link, info, reply.refusal().get());
    }
    VllmAnswer answer = reply.answer().orElseThrow();
    if (answer.promptTokens() >= 0 && answer.promptTokens() != question.prompt().length) {
      throw DataException.of(
          "%s: it scored %d tokens of a prompt of %d",
          link.url(), answer.promptTokens(), question.prompt().length);
    }
    PromptScores scores = answer.prompt();
    if (!question.forced().isEmpty()) {
      scores.forced(
          PackedScores.forced(
              link.url(), answer.forced(), question.prompt().length, question.forced().length()));
    }
    return scores;
  }

  private DataException refused(ServerLink link, ServerInfo info, Refusal refusal) {
    String message = link.refused(info.form(), refusal).getMessage();
    Matcher limits = LIMITS.matcher(refusal.message());
    return new DataException(
        limits.find()
            ? message + "; " + String.format(maxTopHint(), Ints.tryParse(limits.group(1)))
            : refusal.status() == 413
                ? message + "; a proxy on the way takes no request of this size"
                : message);
  }

  /** Writes a request of the form without text. */
  private static String generate(String model, Question question, Forced form) {
    StringBuilder body = new StringBuilder(64 + 7 * question.prompt().length);
    body.append("{\"model\":").append(Text.quoted(model)).append(",\"token_ids\":");
    Text.ids(body, question.prompt());
    body.append(",\"sampling_params\":{\"max_tokens\":1,\"temperature\":0,\"detokenize\":false");
    body.append(",\"prompt_logprobs\":").append(question.top());
    if (!question.forced().isEmpty()) {
      int[] ids = question.forced().toArray();
      body.append(",\"prompt_logprob_token_ids\":");
      if (form == Forced.LIST) {
        Text.ids(body, ids);
      } else {
        for (int row = 1; row < question.prompt().length; row++) {
          body.append(row == 1 ? '[' : ',');
          Text.ids(body, ids);
        }
        body.append(']');
      }
    }
    return body.append("},\"output_mode\":\"tokens\",\"return_token_ids\":true}").toString();
  }

  private static String completions(String model, Question question) {
    StringBuilder body = new StringBuilder(64 + 7 * question.prompt().length);
    body.append("{\"model\":").append(Text.quoted(model)).append(",\"prompt\":");
    Text.ids(body, question.prompt());
    return body.append(",\"max_tokens\":1,\"temperature\":0,\"prompt_logprobs\":")
        .append(question.top())
        .append(",\"return_token_ids\":true}")
        .toString();
  }
}
