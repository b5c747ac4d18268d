package dev.stillhouse.storage.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Set;

/** Where two records differ, for people. */
public final class JsonDifference {
  private static final int MAX_VALUE = 80;

  private JsonDifference() {}

  /** Returns the first field that differs, with both values; "" if none does. */
  public static String first(JsonNode one, JsonNode two) {
    return first("", one, two);
  }

  private static String first(String path, JsonNode one, JsonNode two) {
    if (one.isObject() && two.isObject()) {
      Set<String> names = new LinkedHashSet<>();
      one.fieldNames().forEachRemaining(names::add);
      two.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        String inner = path.isEmpty() ? name : path + "." + name;
        String found = first(inner, one.path(name), two.path(name));
        if (!found.isEmpty()) {
          return found;
        }
      }
      return "";
    }
    if (one.isArray() && two.isArray()) {
      for (int i = 0; i < Math.max(one.size(), two.size()); i++) {
        String found = first(path + "[" + i + "]", one.path(i), two.path(i));
        if (!found.isEmpty()) {
          return found;
        }
      }
      return "";
    }
    return one.equals(two) ? "" : path + ": " + text(one) + " and " + text(two);
  }

  private static String text(JsonNode value) {
    String text = value.isMissingNode() ? "nothing" : value.toString();
    return text.length() > MAX_VALUE ? text.substring(0, MAX_VALUE) + "..." : text;
  }
}
