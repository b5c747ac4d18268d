package dev.stillhouse.storage.layout.adaptive;

import dev.stillhouse.storage.layout.Layout;
import dev.stillhouse.storage.layout.LayoutContractTest;

class AdaptiveLayoutTest extends LayoutContractTest {
  @Override
  protected Layout layout() {
    return new AdaptiveLayout();
  }
}
