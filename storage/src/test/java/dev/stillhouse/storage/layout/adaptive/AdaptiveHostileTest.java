package dev.stillhouse.storage.layout.adaptive;

import dev.stillhouse.storage.layout.HostileContractTest;
import dev.stillhouse.storage.layout.Layout;

class AdaptiveHostileTest extends HostileContractTest {
  @Override
  protected Layout layout() {
    return new AdaptiveLayout();
  }
}
