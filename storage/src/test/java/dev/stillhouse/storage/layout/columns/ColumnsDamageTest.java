package dev.stillhouse.storage.layout.columns;

import dev.stillhouse.storage.layout.DamageContractTest;
import dev.stillhouse.storage.layout.Layout;

class ColumnsDamageTest extends DamageContractTest {
  @Override
  protected Layout layout() {
    return new ColumnsLayout();
  }
}
