package dev.stillhouse.storage.layout.rows;

import dev.stillhouse.storage.layout.DamageContractTest;
import dev.stillhouse.storage.layout.Layout;

class RowsDamageTest extends DamageContractTest {
  @Override
  protected Layout layout() {
    return new RowsLayout();
  }
}
