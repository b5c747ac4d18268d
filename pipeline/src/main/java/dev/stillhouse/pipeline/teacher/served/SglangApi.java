package dev.stillhouse.pipeline.teacher.served;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stillhouse.pipeline.teacher.served.ServerLink.Refusal;
import dev.stillhouse.pipeline.teacher.served.ServerLink.Reply;
import dev.stillhouse.storage.DataException;
import java.io.IOException;

/**
 * SGLang's {@code /generate} (0.5): the best entries of a prompt's positions come as base64 of
 * little-endian numbers, or as nested lists from a server or router that does not know the fields
 * that ask for base64.
 */
final class SglangApi implements ServedApi {
  private static final String GENERATE = "/generate";
  private static final int BYTES_OF_ENTRY = 64;

  @Override
  public String name() {
    return "sglang";
  }

  @Override
  public String maxTopHint() {
    return "ask for fewer than %d";
  }

  @Override
  public ServerInfo probe(ServerLink link, ServedSettings settings)
      throws IOException, InterruptedException {
    JsonNode said = info(link);
    String model = said.path("served_model_name").asText(said.path("model_path").asText("unknown"));
    String name = model.replaceAll("^/.*/", ""); // A path is of the server's machine.
    if (settings.model() != null && !settings.model().equals(name)) {
      throw DataException.of(
          "%s: it has no model '%s', it has '%s'", link.url(), settings.model(), name);
    }
    int length = said.path("context_length").asInt(0);
    int longest = said.path("max_req_input_len").asInt(length == 0 ? 0 : length - 1);
    StringBuilder details = new StringBuilder();
    for (String field : new String[] {"dtype", "quantization", "tp_size", "weight_version"}) {
      JsonNode value = said.path(field);
      if (!value.isMissingNode() && !value.isNull()) {
        details.append(' ').append(field).append('=').append(value.asText());
      }
    }
    if (said.path("enable_deterministic_inference").asBoolean()) {
      details.append(" batch-invariant=yes");
    }
    return new ServerInfo(
        said.path("version").asText("unknown"),
        name,
        details.toString(),
        GENERATE,
        longest == 0 ? ServerInfo.UNKNOWN : longest,
        ServerInfo.UNKNOWN,
        said.path("vocab_size").asInt(ServerInfo.UNKNOWN),
        ServerInfo.Forced.LIST);
  }

  /** Returns what the server tells of itself; its path has two names. */
  private static JsonNode info(ServerLink link) throws IOException, InterruptedException {
    Reply<JsonNode> reply = link.get("/server_info");
    if (reply.refusal().isPresent()) {
      reply = link.get("/get_server_info");
    }
    if (reply.refusal().isPresent()) {
      throw new DataException(
          link.refused("/get_server_info", reply.refusal().get()).getMessage()
              + "; is it an SGLang server?");
    }
    return reply.answer().orElseThrow();
  }

  @Override
  public PromptScores ask(ServerLink link, ServerInfo info, Question question)
      throws IOException, InterruptedException {
    long entries =
        (long) question.prompt().length * (question.top() + question.forced().length() + 2);
    long max = (1 << 20) + entries * BYTES_OF_ENTRY;
    Reply<PromptScores> reply =
        link.post(
            GENERATE,
            body(question),
            answer -> link.parsing(() -> SglangAnswer.read(answer, question, max)),
            question.cancel());
    if (reply.refusal().isPresent()) {
      Refusal refusal = reply.refusal().get();
      throw link.refused(GENERATE, refusal);
    }
    return reply.answer().orElseThrow();
  }

  private static byte[] body(Question question) {
    StringBuilder body = new StringBuilder(400 + 7 * question.prompt().length);
    body.append("{\"input_ids\":");
    Text.ids(body, question.prompt());
    body.append(",\"sampling_params\":{\"max_new_tokens\":0,\"temperature\":1.0}");
    body.append(",\"return_logprob\":true,\"logprob_start_len\":0,\"top_logprobs_num\":");
    body.append(question.top());
    if (!question.forced().isEmpty()) {
      body.append(",\"token_ids_logprob\":");
      Text.ids(body, question.forced().toArray());
    }
    return body.append(",\"return_text_in_logprobs\":false,\"return_flat_raw_top_logprobs\":true")
        .append(",\"return_flat_raw_top_logprobs_b64\":true}")
        .toString()
        .getBytes(UTF_8);
  }
}
