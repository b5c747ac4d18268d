package dev.stillhouse.storage.layout.planes;

import dev.stillhouse.storage.layout.BombContractTest;
import dev.stillhouse.storage.layout.Layout;

class PlanesBombTest extends BombContractTest {
  @Override
  protected Layout layout() {
    return new PlanesLayout();
  }
}
