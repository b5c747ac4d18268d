package dev.stillhouse.pipeline.teacher.served;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/** Answers as SGLang 0.5.23 does: base64 where it is asked for, nested lists elsewhere. */
public final class FakeSglang implements FakeServer.Kind {
  /** What stands between: a router that does not know the fields of base64, or of any entries. */
  enum Router {
    NONE,
    DROPS_BASE64,
    DROPS_ALL
  }

  Router router = Router.NONE;
  String infoPath = "/get_server_info";

  @Override
  public FakeServer.Reply reply(String path, JsonNode request) {
    if (path.equals(infoPath)) {
      return new FakeServer.Reply(
          200,
          "{\"version\":\"0.5.23\",\"model_path\":\"/srv/models/fake\",\"dtype\":\"float32\","
              + "\"context_length\":null,\"max_req_input_len\":63,\"quantization\":null,"
              + "\"enable_deterministic_inference\":true}");
    }
    return path.equals("/generate") ? generate(request) : FakeServer.Reply.NOT_FOUND;
  }

  private FakeServer.Reply generate(JsonNode request) {
    int[] prompt = FakeServer.JSON.convertValue(request.get("input_ids"), int[].class);
    int k = request.get("top_logprobs_num").asInt();
    ObjectNode all = FakeServer.JSON.createObjectNode().put("text", "");
    ObjectNode meta = all.putObject("meta_info").put("prompt_tokens", prompt.length);
    ArrayNode own = meta.putArray("input_token_logprobs");
    own.addArray().addNull().add(prompt[0]).addNull();
    for (int row = 1; row < prompt.length; row++) {
      own.addArray().add(FakeModel.logProbs(prompt, row)[prompt[row]]).add(prompt[row]).addNull();
    }
    if (!request.path("token_ids_logprob").isMissingNode()) {
      forced(meta.putArray("input_token_ids_logprobs"), prompt, request.get("token_ids_logprob"));
    }
    if (router == Router.NONE && request.path("return_flat_raw_top_logprobs_b64").asBoolean()) {
      flat(meta, prompt, k);
    } else if (router != Router.DROPS_ALL) {
      nested(meta.putArray("input_top_logprobs"), prompt, k);
    }
    return new FakeServer.Reply(200, all.toString());
  }

  private static void forced(ArrayNode rows, int[] prompt, JsonNode ids) {
    rows.addNull();
    for (int row = 1; row < prompt.length; row++) {
      ArrayNode entries = rows.addArray();
      for (JsonNode id : ids) {
        float logProb = FakeModel.logProbs(prompt, row)[id.asInt()];
        entries.addArray().add(logProb).add(id.asInt()).addNull();
      }
    }
  }

  private static void nested(ArrayNode rows, int[] prompt, int k) {
    rows.addNull();
    for (int row = 1; row < prompt.length; row++) {
      float[] logProbs = FakeModel.logProbs(prompt, row);
      ArrayNode entries = rows.addArray();
      for (int i = 0; i < k; i++) {
        int id = FakeModel.order(logProbs)[i];
        entries.addArray().add(logProbs[id]).add(id).addNull();
      }
    }
  }

  private static void flat(ObjectNode meta, int[] prompt, int k) {
    int rows = prompt.length - 1;
    ByteBuffer values = ByteBuffer.allocate(4 * rows * k).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer ids = ByteBuffer.allocate(4 * rows * k).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 1; row < prompt.length; row++) {
      float[] logProbs = FakeModel.logProbs(prompt, row);
      for (int i = 0; i < k; i++) {
        int id = FakeModel.order(logProbs)[i];
        values.putFloat(logProbs[id]);
        ids.putInt(id);
      }
    }
    Base64.Encoder base64 = Base64.getEncoder();
    meta.put("input_top_logprobs_val_flat_b64", base64.encodeToString(values.array()));
    meta.put("input_top_logprobs_idx_flat_b64", base64.encodeToString(ids.array()));
    meta.put("input_top_logprobs_val_flat_b64_dtype", "float32");
    meta.put("input_top_logprobs_idx_flat_b64_dtype", "int32");
    meta.putArray("input_top_logprobs_shape").add(rows).add(k);
    meta.put("input_top_logprobs_null_prefix", 1);
  }
}
