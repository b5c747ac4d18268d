package dev.stillhouse.storage.layout.rows;

import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.layout.LayoutContractTest;

class RowsLayoutTest extends LayoutContractTest {
  @Override
  protected Layout layout() {
    return new RowsLayout();
  }
}
