package dev.stillhouse.storage.layout.adaptive;

import dev.stillhouse.storage.layout.DamageContractTest;
import dev.stillhouse.storage.layout.Layout;

class AdaptiveDamageTest extends DamageContractTest {
  @Override
  protected Layout layout() {
    return new AdaptiveLayout();
  }
}
