package dev.stillhouse.storage.layout.columns;

import dev.stillhouse.storage.layout.ErrorBoundContractTest;
import dev.stillhouse.storage.layout.Layout;
import java.util.List;

class ColumnsErrorBoundTest extends ErrorBoundContractTest {
  @Override
  protected List<Layout> layouts() {
    return List.of(new ColumnsLayout());
  }
}
