package dev.stillhouse.storage.loader.order;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OrderPictureTest {
  /** The page shows what the code does: {@code -Dstillhouse.draw=true} draws it anew. */
  @Test
  void thePictureIsOfThisOrder() throws IOException {
    String drawn = OrderPicture.draw();
    Path picture = Path.of("../docs/design/order.svg");
    if (Boolean.getBoolean("stillhouse.draw")) {
      Files.writeString(picture, drawn);
    }
    assertTrue(
        drawn.equals(Files.readString(picture)),
        "docs/design/order.svg is of another order; draw it with -Dstillhouse.draw=true");
  }
}
