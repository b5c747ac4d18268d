package dev.stillhouse.storage.layout.planes;

import dev.stillhouse.storage.layout.DamageContractTest;
import dev.stillhouse.storage.layout.Layout;

class PlanesDamageTest extends DamageContractTest {
  @Override
  protected Layout layout() {
    return new PlanesLayout();
  }
}
