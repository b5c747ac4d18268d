package dev.stillhouse.storage.layout.rows;

import dev.stillhouse.storage.layout.BombContractTest;
import dev.stillhouse.storage.layout.Layout;

class RowsBombTest extends BombContractTest {
  @Override
  protected Layout layout() {
    return new RowsLayout();
  }
}
