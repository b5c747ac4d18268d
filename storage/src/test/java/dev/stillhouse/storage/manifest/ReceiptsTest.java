package dev.stillhouse.storage.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.Hashes;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.replica.ReplicaReader;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptsTest {
  private static final String JOB = Hashes.sha256("job");
  private static final String KEY = "work/" + JOB + "/s.json";
  private static final PackReceipt FIRST = new PackReceipt("u", 1, 10, List.of(), Skipped.NONE);
  private static final PackReceipt SECOND = new PackReceipt("u", 2, 20, List.of(), Skipped.NONE);

  private final MemoryStore store = new MemoryStore("home");
  private final Receipts<PackReceipt> receipts =
      new Receipts<>(
          store, new ReplicaReader(ImmutableList.of(store), new Ledger()), JOB, PackReceipt.class);

  @Test
  void theFirstReceiptWins() {
    assertEquals(Optional.empty(), receipts.find("s", receipt -> {}));
    assertEquals(FIRST, receipts.put("s", FIRST));
    assertEquals(FIRST, receipts.put("s", SECOND));
    assertEquals(Optional.of(FIRST), receipts.find("s", receipt -> {}));
    assertEquals(SECOND, receipts.put("other", SECOND));
  }

  @Test
  void oneThatLiesIsRemovedAndTold() {
    receipts.put("s", FIRST);
    String told =
        message(
            () ->
                assertEquals(
                    Optional.empty(),
                    receipts.find(
                        "s",
                        receipt -> {
                          throw DataException.of("%d tokens are no truth", receipt.tokens());
                        })));
    assertTrue(told.contains(KEY) && told.contains("10 tokens are no truth"), told);
    assertEquals(OptionalLong.empty(), store.size(KEY));
    assertEquals(SECOND, receipts.put("s", SECOND));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "null", "{}", "[1]", "{\"unit\":\"u\"}"})
  void oneThatIsNoReceiptIsRemoved(String json) {
    assertTrue(store.putIfAbsent(KEY, json.getBytes(UTF_8)));
    String told = message(() -> assertEquals(Optional.empty(), receipts.find("s", r -> {})));
    assertTrue(told.contains(KEY), told);
    assertEquals(OptionalLong.empty(), store.size(KEY));
  }

  @Test
  void aJobIsAHash() {
    assertThrows(
        DataException.class,
        () ->
            new Receipts<>(
                store,
                new ReplicaReader(ImmutableList.of(store), new Ledger()),
                "../x",
                PackReceipt.class));
  }

  /** What is logged, which goes to the error stream. */
  private static String message(Runnable task) {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(bytes, true, UTF_8));
      task.run();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(UTF_8);
  }
}
