package dev.stillhouse.storage.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayoutsOrderTest {
  @Test
  void generationsAreInTheOrderInWhichTheyCame() {
    assertEquals(
        List.of("rows", "columns", "planes", "adaptive"), Layouts.generations().subList(0, 4));
    assertEquals(Layouts.names(), ImmutableSet.copyOf(Layouts.generations()));
  }
}
