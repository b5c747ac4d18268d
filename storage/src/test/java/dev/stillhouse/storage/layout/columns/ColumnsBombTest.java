package dev.stillhouse.storage.layout.columns;

import dev.stillhouse.storage.layout.BombContractTest;
import dev.stillhouse.storage.layout.Layout;

class ColumnsBombTest extends BombContractTest {
  @Override
  protected Layout layout() {
    return new ColumnsLayout();
  }
}
