package dev.stillhouse.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class MarkupTest {
  @Test
  void textsAndAttributesAreEscaped() {
    assertEquals(
        "<p class=\"&quot;&gt;&lt;b\">a &amp; &lt;script&gt; \\u0001</p>",
        Markup.of("p", "class", "\"><b").text("a & <script> \u0001").toString());
    assertEquals("<td></td>", Markup.of("td").toString());
    assertEquals("<meta charset=\"utf-8\"/>", Markup.of("meta", "charset", "utf-8").toString());
    assertEquals("<rect x=\"1.3\"></rect>", Markup.of("rect", "x", 1.26).toString());
    assertThrows(IllegalArgumentException.class, () -> Markup.of("p", "class"));
  }
}
