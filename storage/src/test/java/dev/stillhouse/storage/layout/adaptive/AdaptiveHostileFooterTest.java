package dev.stillhouse.storage.layout.adaptive;

import dev.stillhouse.storage.layout.HostileFooterContractTest;
import dev.stillhouse.storage.layout.Layout;

class AdaptiveHostileFooterTest extends HostileFooterContractTest {
  @Override
  protected Layout layout() {
    return new AdaptiveLayout();
  }
}
