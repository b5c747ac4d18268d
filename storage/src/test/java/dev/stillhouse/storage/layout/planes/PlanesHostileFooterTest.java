package dev.stillhouse.storage.layout.planes;

import dev.stillhouse.storage.layout.HostileFooterContractTest;
import dev.stillhouse.storage.layout.Layout;

class PlanesHostileFooterTest extends HostileFooterContractTest {
  @Override
  protected Layout layout() {
    return new PlanesLayout();
  }
}
