package dev.stillhouse.storage.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class IdentityTest {
  private static final Identity SOME = new Identity("c", "t", "p", "te", "s", "l", "a");

  @Test
  void sameFieldsAreNoDifference() {
    Identity same = new Identity("c", "t", "p", "te", "s", "l", "a");
    assertEquals(List.of(), SOME.differences(same));
    assertEquals(SOME.hash(), same.hash());
  }

  @Test
  void everyFieldCountsAndIsNamed() {
    String[] names = {
      "corpus", "tokenizer", "packing", "teacher", "statistic", "layout", "arithmetic"
    };
    String[] ours = {"c", "t", "p", "te", "s", "l", "a"};
    for (int i = 0; i < names.length; i++) {
      String[] f = ours.clone();
      f[i] = "other";
      Identity other = new Identity(f[0], f[1], f[2], f[3], f[4], f[5], f[6]);
      assertEquals(
          List.of(names[i] + ": " + ours[i] + " here, other asked for"), SOME.differences(other));
      assertNotEquals(SOME.hash(), other.hash());
    }
  }

  @Test
  void theOrderOfUnitsCounts() {
    assertNotEquals(Identity.corpus(List.of("a", "b")), Identity.corpus(List.of("b", "a")));
  }
}
