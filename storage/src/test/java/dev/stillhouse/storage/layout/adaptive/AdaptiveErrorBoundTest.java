package dev.stillhouse.storage.layout.adaptive;

import dev.stillhouse.storage.layout.ErrorBoundContractTest;
import dev.stillhouse.storage.layout.Layout;
import java.util.List;
import java.util.stream.Stream;

class AdaptiveErrorBoundTest extends ErrorBoundContractTest {
  @Override
  protected List<Layout> layouts() {
    return Stream.of("0.01", "1.0E-4", "0.001", "0.05", "1.0")
        .map(bound -> new AdaptiveLayout().with("bound=" + bound))
        .toList();
  }
}
