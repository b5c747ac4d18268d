package dev.stillhouse.storage.layout.rows;

import dev.stillhouse.storage.layout.HostileContractTest;
import dev.stillhouse.storage.layout.Layout;

class RowsHostileTest extends HostileContractTest {
  @Override
  protected Layout layout() {
    return new RowsLayout();
  }
}
