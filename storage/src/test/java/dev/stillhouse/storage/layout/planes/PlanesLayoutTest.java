package dev.stillhouse.storage.layout.planes;

import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.layout.LayoutContractTest;

class PlanesLayoutTest extends LayoutContractTest {
  @Override
  protected Layout layout() {
    return new PlanesLayout();
  }
}
