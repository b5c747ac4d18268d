package dev.stillhouse.storage.layout.columns;

import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.layout.LayoutContractTest;

class ColumnsLayoutTest extends LayoutContractTest {
  @Override
  protected Layout layout() {
    return new ColumnsLayout();
  }
}
