package dev.stillhouse.storage.topology;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableTable;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.JsonErrors;
import java.io.IOException;
import java.util.HashSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a {@link Topology}. Unknown fields are ignored: such a file is other people's as much as
 * ours.
 */
final class TopologyJson {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_REGIONS = 64;
  private static final double MAX = 1e9;
  private static final double MEGA = 1e6;
  private static final double GIGA = 1e9;

  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder().maxNestingDepth(16).build();
  private static final Pattern TWICE = Pattern.compile("Duplicate field '([^']*)'");

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(LIMITS)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String file;

  TopologyJson(String file) {
    this.file = file;
  }

  Topology parse(byte[] json) {
    if (json.length > MAX_BYTES) {
      throw DataException.of("%s: %d bytes, the limit is %d", file, json.length, MAX_BYTES);
    }
    JsonNode root = tree(json);
    ImmutableSet<String> regions = regions(root.path("regions"));
    double get = number(root, "", "get_usd", 0);
    double firstByte = number(root, "", "object_ttfb_ms_p50", 0) / 1e3;
    JsonNode links = root.path("links");
    if (!links.isArray() || links.size() > MAX_REGIONS * MAX_REGIONS) {
      throw bad("links", links, "a list of at most " + MAX_REGIONS * MAX_REGIONS);
    }
    var table = ImmutableTable.<String, String, Link>builder();
    var seen = new HashSet<String>();
    for (int i = 0; i < links.size(); i++) {
      Link link = link(links.get(i), "links[" + i + "]", regions, get, firstByte);
      if (!seen.add(link.reader() + " " + link.store())) {
        throw DataException.of(
            "%s, links[%d]: the link from %s to %s is there twice",
            file, i, link.store(), link.reader());
      }
      table.put(link.reader(), link.store(), link);
    }
    double put = root.has("put_usd") ? number(root, "", "put_usd", 0) : 0;
    return new Topology(regions, table.build(), put);
  }

  private JsonNode tree(byte[] json) {
    try {
      JsonNode root = MAPPER.readTree(json);
      if (!root.isObject()) {
        throw bad("the file", root, "an object with regions and links");
      }
      return root;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String place = at == null ? "" : ", line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw new DataException(file + place + ": this " + rule(e), e);
    } catch (IOException e) {
      throw new DataException(file + ": " + e.getMessage(), e);
    }
  }

  private static String rule(JsonProcessingException e) {
    if (e instanceof StreamConstraintsException) {
      return JsonErrors.reason(e, LIMITS);
    }
    Matcher twice = TWICE.matcher(e.getOriginalMessage());
    return twice.find()
        ? "is the second field '" + twice.group(1) + "' of an object; need each once"
        : "is no JSON; need an object with regions and links";
  }

  private ImmutableSet<String> regions(JsonNode regions) {
    if (!regions.isObject() || regions.isEmpty() || regions.size() > MAX_REGIONS) {
      throw bad("regions", regions, "an object that names 1 to " + MAX_REGIONS + " regions");
    }
    return ImmutableSet.copyOf(regions.fieldNames());
  }

  private Link link(
      JsonNode link, String at, ImmutableSet<String> regions, double get, double firstByte) {
    String reader = region(link, at, "reader", regions);
    String store = region(link, at, "store", regions);
    boolean told = !link.path("vm_aggregate_Gbps").isNull();
    return new Link(
        reader,
        store,
        number(link, at, "rtt_ms", 0) / 1e3,
        firstByte,
        number(link, at, "per_get_MBps", 1e-6) * MEGA,
        told
            ? number(link, at, "vm_aggregate_Gbps", 1e-6) * GIGA / Byte.SIZE
            : Double.POSITIVE_INFINITY,
        number(link, at, "egress_usd_per_GB", 0) / GIGA,
        get);
  }

  private String region(JsonNode link, String at, String field, ImmutableSet<String> regions) {
    JsonNode name = link.path(field);
    if (!name.isTextual() || !regions.contains(name.asText())) {
      throw bad(at + "." + field, name, "one of the regions " + regions);
    }
    return name.asText();
  }

  private double number(JsonNode in, String at, String field, double min) {
    JsonNode value = in.path(field);
    if (!value.isNumber() || !(value.asDouble() >= min && value.asDouble() <= MAX)) {
      throw bad(
          (at.isEmpty() ? "" : at + ".") + field, value, "a number from " + min + " to " + MAX);
    }
    return value.asDouble();
  }

  private DataException bad(String field, JsonNode value, String need) {
    String told = value.isMissingNode() ? "nothing" : value.toString();
    return DataException.of(
        "%s, %s: %s, need %s",
        file, field, told.length() > 80 ? told.substring(0, 80) + "..." : told, need);
  }
}
