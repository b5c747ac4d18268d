package dev.stillhouse.storage.layout.rows;

import dev.stillhouse.storage.layout.ErrorBoundContractTest;
import dev.stillhouse.storage.layout.Layout;
import java.util.List;

class RowsErrorBoundTest extends ErrorBoundContractTest {
  @Override
  protected List<Layout> layouts() {
    return List.of(new RowsLayout());
  }
}
