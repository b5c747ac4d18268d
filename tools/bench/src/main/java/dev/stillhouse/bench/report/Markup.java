package dev.stillhouse.bench.report;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSet;
import dev.stillhouse.cli.output.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An element of HTML or SVG. Texts and attributes are escaped here and nowhere else. */
public final class Markup {
  private static final ImmutableSet<String> EMPTY = ImmutableSet.of("meta", "br");

  private final String tag;
  private final StringBuilder attributes = new StringBuilder();
  private final List<Object> children = new ArrayList<>(); // Markup, or a String that is escaped.

  private Markup(String tag) {
    this.tag = tag;
  }

  /**
   * Returns an element.
   *
   * @param attributes names and values in turn
   */
  public static Markup of(String tag, Object... attributes) {
    checkArgument(attributes.length % 2 == 0, "Markup: an attribute of %s has no value", tag);
    Markup made = new Markup(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      made.attributes
          .append(' ')
          .append(attributes[i])
          .append("=\"")
          .append(escaped(value(attributes[i + 1])))
          .append('"');
    }
    return made;
  }

  private static String value(Object attribute) {
    return attribute instanceof Double number
        ? String.format(Locale.ROOT, "%.1f", number)
        : attribute.toString();
  }

  /** Adds children. */
  public Markup add(Markup... more) {
    children.addAll(List.of(more));
    return this;
  }

  /** Adds children. */
  public Markup add(List<Markup> more) {
    children.addAll(more);
    return this;
  }

  /** Adds a text. */
  public Markup text(String text) {
    children.add(escaped(text));
    return this;
  }

  static String escaped(String raw) {
    String text = Printable.text(raw);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\t', '\n' -> out.append(c);
        // What XML cannot hold at all is shown as a box.
        default -> out.append(c < ' ' || c == '\uFFFE' || c == '\uFFFF' ? '\u25A1' : c);
      }
    }
    return out.toString();
  }

  private void write(StringBuilder out) {
    out.append('<').append(tag).append(attributes);
    if (EMPTY.contains(tag)) {
      out.append("/>");
      return;
    }
    out.append('>');
    for (Object child : children) {
      if (child instanceof Markup markup) {
        markup.write(out);
      } else {
        out.append(child);
      }
    }
    out.append("</").append(tag).append('>');
  }

  /** Returns the element as HTML and XML. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    write(out);
    return out.toString();
  }
}
