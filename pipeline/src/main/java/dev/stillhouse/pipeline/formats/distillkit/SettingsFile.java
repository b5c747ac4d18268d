package dev.stillhouse.pipeline.formats.distillkit;

import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a file of settings in the part of YAML that DistillKit writes: names with a value, a list
 * of values, or a list of names with values.
 */
final class SettingsFile {
  private static final int MAX_BYTES = 1 << 16;

  private final Path file;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, List<Map<String, String>>> lists = new LinkedHashMap<>();

  /**
   * Reads a file.
   *
   * @throws DataException naming the first line that is not understood
   */
  SettingsFile(Path file) {
    this.file = file;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw DataException.of(
            "%s has %d bytes; compression settings have at most %d",
            file, Files.size(file), MAX_BYTES);
      }
      read(Files.readAllLines(file));
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + e, e);
    }
  }

  private void read(List<String> lines) {
    List<Map<String, String>> list = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("(^|\\s)#.*", "").stripTrailing();
      String text = line.strip();
      if (text.isEmpty() || text.equals("---")) {
        continue;
      }
      boolean indented = line.startsWith(" ");
      if (text.startsWith("- ")) {
        Map<String, String> item = new LinkedHashMap<>();
        list.add(item);
        put(item, text.substring(2).strip());
      } else if (indented && !list.isEmpty()) {
        put(list.get(list.size() - 1), text);
      } else if (!indented && text.matches("\\w+:.*")) {
        String name = text.substring(0, text.indexOf(':'));
        String value = text.substring(text.indexOf(':') + 1).strip();
        list = new ArrayList<>();
        lists.put(name, list);
        if (value.startsWith("[") && value.endsWith("]")) {
          for (String part : value.substring(1, value.length() - 1).split(",", -1)) {
            if (!part.isBlank()) {
              list.add(Map.of("", part.strip()));
            }
          }
        } else {
          values.put(name, value.replaceAll("^['\"]|['\"]$", ""));
        }
      } else {
        throw DataException.of(
            "%s: line %d: '%s' is no setting; need NAME: VALUE", file, i + 1, text);
      }
    }
  }

  private static void put(Map<String, String> item, String text) {
    int colon = text.indexOf(": ");
    if (colon < 0) {
      item.put("", text.replaceAll("^['\"]|['\"]$", ""));
    } else {
      item.put(text.substring(0, colon), text.substring(colon + 2).strip());
    }
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  String text(String name, String otherwise) {
    String value = values.getOrDefault(name, otherwise);
    if (value.isEmpty()) {
      throw DataException.of("%s: '%s' is not there; need it", file, name);
    }
    return value;
  }

  boolean flag(String name, boolean otherwise) {
    String value = text(name, Boolean.toString(otherwise));
    if (!value.equals("true") && !value.equals("false")) {
      throw DataException.of("%s: %s is '%s', need true or false", file, name, value);
    }
    return value.equals("true");
  }

  int number(String name, int min, int max) {
    return number(name, text(name, ""), min, max);
  }

  int number(String name, String value, int min, int max) {
    if (value.matches("-?[0-9]{1,9}")
        && Integer.parseInt(value) >= min
        && Integer.parseInt(value) <= max) {
      return Integer.parseInt(value);
    }
    throw DataException.of("%s: %s is '%s', need %d to %d", file, name, value, min, max);
  }

  /** Returns the items of a list; a value alone has the name "". */
  List<Map<String, String>> list(String name) {
    return lists.getOrDefault(name, List.of());
  }
}
