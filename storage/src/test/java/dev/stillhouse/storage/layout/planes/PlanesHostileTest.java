package dev.stillhouse.storage.layout.planes;

import dev.stillhouse.storage.layout.HostileContractTest;
import dev.stillhouse.storage.layout.Layout;

class PlanesHostileTest extends HostileContractTest {
  @Override
  protected Layout layout() {
    return new PlanesLayout();
  }
}
