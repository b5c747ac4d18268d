package dev.stillhouse.storage.layout.rows;

import dev.stillhouse.storage.layout.HostileFooterContractTest;
import dev.stillhouse.storage.layout.Layout;

class RowsHostileFooterTest extends HostileFooterContractTest {
  @Override
  protected Layout layout() {
    return new RowsLayout();
  }
}
