package dev.stillhouse.storage.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.stillhouse.storage.replica.BookedStore;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every request of the contract reaches the store below, one that is added later too. */
class ForwardingStoreTest extends BlobStoreContractTest {
  private static final Map<Class<?>, Object> ARGUMENTS =
      Map.of(
          String.class,
          "a key",
          Path.class,
          Path.of("a file"),
          byte[].class,
          new byte[] {1, 2, 3},
          List.class,
          List.of());

  private static final Map<Class<?>, Object> ANSWERS =
      Map.of(
          boolean.class,
          true,
          String.class,
          "an answer",
          Optional.class,
          Optional.of("a reason"),
          OptionalLong.class,
          OptionalLong.of(5),
          CompletableFuture.class,
          new CompletableFuture<>(),
          List.class,
          new ArrayList<>(),
          Path.class,
          Path.of("scratch"),
          BlobStore.ExtraRequests.class,
          new BlobStore.ExtraRequests(3, 4));

  /** A decorator that changes nothing. */
  private static final class Plain extends ForwardingStore {
    Plain(BlobStore store) {
      super(store);
    }
  }

  private record Call(Method method, List<Object> arguments) {}

  @Override
  protected BlobStore open() {
    return new Plain(new MemoryStore("here"));
  }

  static Stream<Method> contract() {
    return Arrays.stream(BlobStore.class.getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()));
  }

  @ParameterizedTest
  @MethodSource("contract")
  void aRequestReachesTheStoreBelowWithItsArgumentsAndItsAnswerComesBack(Method method)
      throws Exception {
    List<Call> calls = new ArrayList<>();
    BlobStore below =
        (BlobStore)
            Proxy.newProxyInstance(
                BlobStore.class.getClassLoader(),
                new Class<?>[] {BlobStore.class},
                (proxy, called, arguments) -> {
                  calls.add(new Call(called, arguments == null ? List.of() : List.of(arguments)));
                  return ANSWERS.get(called.getReturnType());
                });
    Object[] arguments =
        Arrays.stream(method.getParameterTypes()).map(ForwardingStoreTest::argument).toArray();
    @Nullable Object answer = method.invoke(new Plain(below), arguments);
    assertEquals(1, calls.size(), () -> method + " was not forwarded");
    assertArrayEquals(arguments, calls.get(0).arguments().toArray());
    if (method.getName().equals("list")) { // Follows from blobs: one override changes both.
      assertEquals("blobs", calls.get(0).method().getName());
      return;
    }
    assertEquals(method, calls.get(0).method());
    if (method.getReturnType() != void.class) {
      assertSame(answerOf(method), answer instanceof Boolean ? true : answer);
    }
  }

  private static Object argument(Class<?> type) {
    return known(ARGUMENTS, type);
  }

  private static Object answerOf(Method method) {
    return known(ANSWERS, method.getReturnType());
  }

  private static Object known(Map<Class<?>, Object> values, Class<?> type) {
    @Nullable Object value = values.get(type);
    if (value == null) {
      throw new AssertionError("this test has no value of " + type);
    }
    return value;
  }

  @Test
  void unwrappingTakesOffDecoratorsOfOneTypeFromTheOutside() {
    BlobStore store = new MemoryStore("here");
    Ledger ledger = new Ledger();
    BlobStore plain = new Plain(store);
    BlobStore booked = new BookedStore(new BookedStore(plain, ledger), ledger);
    assertSame(plain, ForwardingStore.unwrap(booked, BookedStore.class));
    assertSame(store, ForwardingStore.unwrap(booked, ForwardingStore.class));
    assertSame(plain, ForwardingStore.unwrap(plain, BookedStore.class));
    assertSame(store, ForwardingStore.unwrap(store, BookedStore.class));
  }
}
