package dev.stillhouse.storage.store;

import java.util.ArrayList;
import java.util.List;

/** Names that no blob may have. */
public final class HostileKeys {
  public static final List<String> ALL =
      List.of(
          "",
          " ",
          ".",
          "..",
          "...",
          "../a",
          "../../etc/passwd",
          "a/..",
          "a/../b",
          "a/../../b",
          "a/.",
          "./a",
          "a/./b",
          "/",
          "/a",
          "//a",
          "/etc/passwd",
          "a/",
          "a//b",
          "a///b",
          ".hidden",
          ".scratch/x",
          "a/.hidden",
          "a/.git/config",
          "a\\b",
          "..\\a",
          "C:\\a",
          "C:/a",
          "\\\\host\\share",
          "file:a",
          "file:///etc/passwd",
          "s3://bucket/key",
          "a:b",
          "a\0b",
          "a\0",
          "a\nb",
          "a\n",
          "\na",
          "a\r",
          "a\tb",
          "a b",
          "%2e%2e/a",
          "a/%2e%2e/b",
          "a%2fb",
          "~",
          "~/a",
          "$HOME/a",
          "a*",
          "a?b",
          "a;b",
          "a|b",
          "a\"b",
          "a'b",
          "a\u00e9b",
          "a\u2028b",
          "a\u202eb",
          "\uff0e\uff0e/a",
          "a\ud800",
          "a".repeat(513),
          "a/".repeat(256) + "b",
          "a".repeat(100_000),
          "a\n".repeat(200));

  /** These, and every character that no name may have, at each place of a name: some hundreds. */
  public static final List<String> MANY = many();

  private HostileKeys() {}

  private static List<String> many() {
    List<String> many = new ArrayList<>(ALL);
    for (char c = 0; c < 0x100; c++) {
      if (!Character.toString(c).matches("[A-Za-z0-9._/-]")) {
        many.add("shards/" + c + "a");
        many.add("a" + c);
      }
    }
    for (String up : List.of("..", ".", "%2e%2e", "%2E%2E%2F", "..%2f", "..%5c", "..;")) {
      many.add(up);
      many.add(up + "/x");
      many.add("shards/" + up + "/x");
      many.add("shards/" + up + up + "/x");
    }
    return List.copyOf(many);
  }
}
