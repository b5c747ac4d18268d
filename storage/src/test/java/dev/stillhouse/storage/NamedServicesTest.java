package dev.stillhouse.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.layout.Layout;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NamedServicesTest {
  private final NamedServices<Layout> layouts =
      NamedServices.of(Layout.class, "layout", Layout::name);

  @Test
  void namesStandInTheOrderOfTheirLines() {
    assertEquals(
        ImmutableList.of("rows", "columns", "planes", "adaptive"),
        layouts.names().asList().subList(0, 4));
    assertEquals("planes", layouts.named("planes").name());
    assertEquals(Optional.empty(), layouts.find("plane"));
  }

  @Test
  void anUnknownNameListsThosePresentSorted() {
    String told =
        String.valueOf(
            assertThrows(UsageException.class, () -> layouts.named("plane")).getMessage());
    assertEquals("No layout named 'plane'; present: [adaptive, columns, planes, rows]", told);
  }

  @Test
  void twoOfOneNameAreRefusedAtEachUse() {
    NamedServices<Layout> same = NamedServices.of(Layout.class, "layout", layout -> "same");
    for (int i = 0; i < 2; i++) {
      String told = String.valueOf(assertThrows(UsageException.class, same::names).getMessage());
      assertTrue(told.startsWith("Two layouts are named 'same': "), told);
    }
  }

  /** A runner's thread may have a context loader that knows nothing of ours. */
  @Test
  @Timeout(60)
  void servicesAreFoundFromAThreadWhoseContextLoaderKnowsNone() throws InterruptedException {
    AtomicReference<String> found = new AtomicReference<>("");
    Thread thread = new Thread(() -> found.set(layouts.named("rows").name()));
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    thread.start();
    thread.join();
    assertEquals("rows", found.get());
  }
}
