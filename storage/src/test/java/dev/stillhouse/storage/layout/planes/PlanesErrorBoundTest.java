package dev.stillhouse.storage.layout.planes;

import dev.stillhouse.storage.layout.ErrorBoundContractTest;
import dev.stillhouse.storage.layout.Layout;
import java.util.List;

class PlanesErrorBoundTest extends ErrorBoundContractTest {
  @Override
  protected List<Layout> layouts() {
    return List.of(new PlanesLayout());
  }
}
