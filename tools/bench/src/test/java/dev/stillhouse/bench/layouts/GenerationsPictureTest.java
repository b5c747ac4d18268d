package dev.stillhouse.bench.layouts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.layout.Layouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class GenerationsPictureTest {
  private static final Path PAGE = Path.of("../../docs/design/generations/README.md");
  private static final Pattern DOT = Pattern.compile("c[xy]=\"([0-9.]+)\" cy=\"([0-9.]+)\"");

  /** The picture shows the page's table: {@code -Dstillhouse.draw=true} draws it anew. */
  @Test
  void thePictureIsOfThisTable() throws IOException {
    String drawn = GenerationsPicture.draw(Files.readString(PAGE));
    Path picture = PAGE.resolveSibling(GenerationsPicture.NAME);
    if (Boolean.getBoolean("stillhouse.draw")) {
      Files.writeString(picture, drawn);
    }
    assertTrue(
        drawn.equals(Files.readString(picture)),
        picture + " is of another table; draw it with -Dstillhouse.draw=true");
  }

  @Test
  void eachGenerationIsAPointWithItsName() throws IOException {
    String drawn = GenerationsPicture.draw(Files.readString(PAGE));
    for (String name : Layouts.generations()) {
      assertTrue(drawn.contains(" " + name + ": "), drawn);
    }
    assertEquals(Layouts.generations().size(), DOT.matcher(drawn).results().count());
  }

  /** A generation larger or coarser than all before stretches the axes. */
  @Test
  void noPointLeavesTheFrame() {
    String drawn =
        GenerationsPicture.draw(
            "| 1 [rows](rows.md) | 358.0 | 81.5 | 0 |\n| 2 [vast](vast.md) | 1401.0 | 1 | 0.0675 |\n");
    for (MatchResult dot : DOT.matcher(drawn).results().toList()) {
      double x = Double.parseDouble(dot.group(1));
      double y = Double.parseDouble(dot.group(2));
      assertTrue(x >= 80 && x <= 680 && y >= 40 && y <= 240, x + " " + y);
    }
  }
}
