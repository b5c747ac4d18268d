package dev.stillhouse.storage.layout.adaptive;

import dev.stillhouse.storage.layout.BombContractTest;
import dev.stillhouse.storage.layout.Layout;

class AdaptiveBombTest extends BombContractTest {
  @Override
  protected Layout layout() {
    return new AdaptiveLayout();
  }
}
