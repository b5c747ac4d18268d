package dev.stillhouse.storage.layout.columns;

import dev.stillhouse.storage.layout.HostileFooterContractTest;
import dev.stillhouse.storage.layout.Layout;

class ColumnsHostileFooterTest extends HostileFooterContractTest {
  @Override
  protected Layout layout() {
    return new ColumnsLayout();
  }
}
