package dev.stillhouse.bench.report;

import com.google.common.io.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A report: a title that says what was found, sections, and the style sheet. */
public final class Page {
  private final String title;
  private final List<Markup> body = new ArrayList<>();

  /**
   * Creates a page.
   *
   * @param title the finding, in one sentence
   * @param lead what was measured, and how
   */
  public Page(String title, String lead) {
    this.title = title;
    body.add(Markup.of("h1").text(title));
    body.add(Markup.of("p", "class", "lead").text(lead));
  }

  /** Adds a section. */
  public Page section(String heading, Markup... content) {
    body.add(Markup.of("h2").text(heading));
    body.addAll(List.of(content));
    return this;
  }

  /** Returns charts side by side, or one below another in a narrow window. */
  public static Markup charts(List<Markup> figures) {
    return Markup.of("div", "class", "charts").add(figures);
  }

  /**
   * Returns a chart with its words.
   *
   * @param finding to be seen in it
   * @param axes what is drawn, with units
   */
  public static Markup figure(String finding, String axes, Markup svg) {
    return Markup.of("figure")
        .add(Markup.of("h3").text(finding), Markup.of("p", "class", "axes").text(axes), svg);
  }

  /** Returns a table whose first column is names; it scrolls where it is wider than the window. */
  public static Markup table(List<String> heads, List<List<String>> rows) {
    Markup head = Markup.of("tr");
    heads.forEach(name -> head.add(Markup.of("th", "scope", "col").text(name)));
    Markup body = Markup.of("tbody");
    for (List<String> row : rows) {
      Markup line = Markup.of("tr");
      for (int i = 0; i < row.size(); i++) {
        line.add(
            i == 0
                ? Markup.of("th", "scope", "row").text(row.get(i))
                : Markup.of("td").text(row.get(i)));
      }
      body.add(line);
    }
    return Markup.of("div", "class", "table", "tabindex", 0)
        .add(Markup.of("table").add(Markup.of("thead").add(head), body));
  }

  /** Returns a list of texts. */
  public static Markup list(List<String> texts) {
    return Markup.of("ul").add(texts.stream().map(t -> Markup.of("li").text(t)).toList());
  }

  /** Returns the whole file. */
  public String html() throws IOException {
    Markup head =
        Markup.of("head")
            .add(
                Markup.of("meta", "charset", "utf-8"),
                Markup.of(
                    "meta", "name", "viewport", "content", "width=device-width, initial-scale=1"),
                Markup.of("title").text(title),
                Markup.of("style")
                    .text(
                        Resources.toString(
                            Resources.getResource(Page.class, "report.css"),
                            StandardCharsets.UTF_8)));
    Markup main = Markup.of("body").add(Markup.of("main").add(body));
    return "<!DOCTYPE html>\n" + Markup.of("html", "lang", "en").add(head, main) + "\n";
  }
}
