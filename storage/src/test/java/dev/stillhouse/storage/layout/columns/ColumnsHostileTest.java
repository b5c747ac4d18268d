package dev.stillhouse.storage.layout.columns;

import dev.stillhouse.storage.layout.HostileContractTest;
import dev.stillhouse.storage.layout.Layout;

class ColumnsHostileTest extends HostileContractTest {
  @Override
  protected Layout layout() {
    return new ColumnsLayout();
  }
}
