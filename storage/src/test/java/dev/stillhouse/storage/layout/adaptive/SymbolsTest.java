package dev.stillhouse.storage.layout.adaptive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SymbolsTest {
  @Property
  void aSymbolAndItsBitsAreTheNumber(
      @ForAll @Size(max = 40) List<@IntRange(max = Integer.MAX_VALUE) Integer> numbers) {
    BitWriter out = new BitWriter();
    List<Integer> symbols = new ArrayList<>();
    for (int number : numbers) {
      int symbol = Symbols.symbol(number);
      assertTrue(symbol < Symbols.ESCAPE);
      symbols.add(symbol);
      out.put(number - Symbols.base(symbol), Symbols.bits(symbol));
    }
    byte[] bytes = out.finish();
    BitReader in = new BitReader(bytes, 0, bytes.length);
    for (int i = 0; i < numbers.size(); i++) {
      int symbol = symbols.get(i);
      assertEquals(numbers.get(i), Symbols.base(symbol) + in.take(Symbols.bits(symbol)));
    }
    assertTrue(!in.over());
    BitReader shorter = new BitReader(bytes, 0, bytes.length - 1);
    symbols.forEach(symbol -> shorter.take(Symbols.bits(symbol)));
    assertTrue(bytes.length == 0 || shorter.over());
  }

  @Test
  void symbolsGrowWithTheNumbers() {
    int last = -1;
    for (int number = 0; number < 100_000; number++) {
      int symbol = Symbols.symbol(number);
      assertTrue(symbol == last || symbol == last + 1, "number " + number);
      last = symbol;
    }
    assertEquals(Symbols.LAST, Symbols.symbol(Integer.MAX_VALUE));
  }
}
