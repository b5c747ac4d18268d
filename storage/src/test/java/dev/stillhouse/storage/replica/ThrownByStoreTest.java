package dev.stillhouse.storage.replica;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.replica.cache.RangeCache;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.topology.CostPolicy;
import dev.stillhouse.storage.topology.Link;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a store throws, at once or later, reaches whoever reads, as it is and without a wait. */
@Timeout(30)
class ThrownByStoreTest {
  static Stream<Error> errors() {
    return Stream.of(
        new OutOfMemoryError("planted"),
        new StackOverflowError("planted"),
        new NoClassDefFoundError("planted"));
  }

  /** A store of which each method throws, or answers with, this. */
  private static BlobStore thrower(Error error, boolean later) {
    return (BlobStore)
        Proxy.newProxyInstance(
            BlobStore.class.getClassLoader(),
            new Class<?>[] {BlobStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("region")) {
                return "here";
              }
              if (method.getName().equals("takeFurther")) {
                return BlobStore.ExtraRequests.NONE;
              }
              if (later && method.getName().equals("read")) {
                return CompletableFuture.failedFuture(error);
              }
              throw error;
            });
  }

  @ParameterizedTest
  @MethodSource("errors")
  void itReachesTheReader(Error error) {
    List<ByteRange> ranges = List.of(new ByteRange(0, 1));
    ReadContext cached =
        new ReadContext(
            Optional.empty(),
            CostPolicy.TIME,
            Link.IN_FLIGHT,
            Optional.of(new RangeCache(100, Optional.empty())));
    for (boolean later : new boolean[] {false, true}) {
      BlobStore store = thrower(error, later);
      for (ReadContext context : List.of(ReadContext.ANYWHERE, cached)) {
        ReplicaReader reader = new ReplicaReader(List.of(store), context, new Ledger());
        same(error, () -> reader.read("a", ranges));
        same(error, () -> reader.readWhole("a", 10));
        same(error, () -> reader.size("a"));
        same(error, () -> reader.list(""));
        same(error, () -> reader.check("a", "0".repeat(64)));
      }
    }
  }

  private static void same(Error error, Runnable ask) {
    assertSame(error, assertThrows(Error.class, ask::run));
  }
}
