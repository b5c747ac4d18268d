package dev.stillhouse.pipeline.formats.pickle;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stillhouse.storage.DataException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one pickle of protocols 2 to 5. Values are {@link Long}, {@link Double}, {@link Boolean},
 * {@link String}, {@code byte[]}, {@link List} (of lists and tuples alike), {@link Map}, {@link
 * None}, {@link Name}, {@link Call} and {@link Persistent}.
 */
public final class Unpickler {
  private final String place;
  private final ByteBuffer in;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  private Unpickler(String place, byte[] bytes) {
    this.place = place;
    this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Python's None. */
  public enum None {
    NONE
  }

  /** A name that Python would import. */
  public record Name(String module, String name) {
    /** Returns module and name with a dot. */
    public String full() {
      return module + "." + name;
    }
  }

  /** What Python would call, and the state that it would set. */
  public static final class Call {
    private final Object function;
    private final List<?> arguments;
    private Object state = None.NONE;

    Call(Object function, List<?> arguments) {
      this.function = function;
      this.arguments = arguments;
    }

    /** Returns the whole name of the function, or "". */
    public String function() {
      return function instanceof Name name ? name.full() : "";
    }

    public List<?> arguments() {
      return arguments;
    }

    public Object state() {
      return state;
    }
  }

  /** An object that lies elsewhere, as PyTorch's storages do. */
  public record Persistent(Object id) {}

  /**
   * Reads a pickle.
   *
   * @param place where it is, for errors
   * @throws DataException if it is none, or has what no data needs
   */
  public static Object read(String place, byte[] bytes) {
    return new Unpickler(place, bytes).read();
  }

  private Object read() {
    try {
      while (true) {
        int at = in.position();
        int code = in.get() & 0xFF;
        if (code == '.') {
          return pop();
        }
        if (!step(code)) {
          throw DataException.of(
              "%s: pickle, byte %d: code 0x%02X is none that data needs; get the file anew",
              place, at, code);
        }
      }
    } catch (java.nio.BufferUnderflowException | IndexOutOfBoundsException | ClassCastException e) {
      throw new DataException(
          place + ": pickle, byte " + in.position() + ": it is cut or damaged; get the file anew",
          e);
    }
  }

  private boolean step(int code) {
    switch (code) {
      case 0x80 -> in.get(); // protocol
      case 0x95 -> in.getLong(); // frame
      case '}' -> push(new LinkedHashMap<>());
      case ']', ')' -> push(new ArrayList<>());
      case '(' -> marks.add(stack.size());
      case 'N' -> push(None.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push((long) in.getInt());
      case 'K' -> push((long) (in.get() & 0xFF));
      case 'M' -> push((long) (in.getShort() & 0xFFFF));
      case 0x8a -> push(number(in.get() & 0xFF));
      case 'G' -> {
        push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
      }
      case 'X' -> push(new String(bytes(in.getInt()), UTF_8));
      case 0x8c -> push(new String(bytes(in.get() & 0xFF), UTF_8));
      case 'B' -> push(bytes(in.getInt()));
      case 'C' -> push(bytes(in.get() & 0xFF));
      case 0x8e, 0x96 -> push(bytes(length(in.getLong())));
      default -> {
        return memoOrBuild(code);
      }
    }
    return true;
  }

  private boolean memoOrBuild(int code) {
    switch (code) {
      case 'q' -> memo.put(in.get() & 0xFF, top());
      case 'r' -> memo.put(in.getInt(), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> push(recall(in.get() & 0xFF));
      case 'j' -> push(recall(in.getInt()));
      case 't' -> push(sinceMark());
      case 0x85 -> push(last(1));
      case 0x86 -> push(last(2));
      case 0x87 -> push(last(3));
      case 'a' -> {
        Object value = pop();
        list(top()).add(value);
      }
      case 'e' -> {
        List<Object> values = sinceMark();
        list(top()).addAll(values);
      }
      case 's' -> {
        Object value = pop();
        Object key = pop();
        map(top()).put(key, value);
      }
      case 'u' -> {
        List<Object> values = sinceMark();
        Map<Object, Object> to = map(top());
        for (int i = 0; i + 1 < values.size(); i += 2) {
          to.put(values.get(i), values.get(i + 1));
        }
      }
      case 'c' -> push(new Name(line(), line()));
      case 0x93 -> {
        String name = (String) pop();
        push(new Name((String) pop(), name));
      }
      case 'Q' -> push(new Persistent(pop()));
      case 'R', 0x81 -> {
        Object arguments = pop();
        push(call(pop(), list(arguments)));
      }
      case 'b' -> {
        Object state = pop();
        if (top() instanceof Call call) {
          call.state = state;
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Returns a call; an ordered map of Python is a map here. */
  private static Object call(Object function, List<?> arguments) {
    boolean map = function instanceof Name name && name.full().equals("collections.OrderedDict");
    return map && arguments.isEmpty()
        ? new LinkedHashMap<>()
        : new Call(function, Collections.unmodifiableList(arguments));
  }

  private long number(int length) {
    byte[] little = bytes(length);
    for (int i = 0; i < length / 2; i++) {
      byte swapped = little[i];
      little[i] = little[length - 1 - i];
      little[length - 1 - i] = swapped;
    }
    if (length == 0) {
      return 0;
    }
    BigInteger value = new BigInteger(little);
    if (value.bitLength() > 63) {
      throw DataException.of("%s: pickle: the number %s is too large", place, value);
    }
    return value.longValue();
  }

  private int length(long length) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(-1, length));
  }

  private byte[] bytes(int length) {
    if (length < 0 || length > in.remaining()) {
      throw DataException.of(
          "%s: pickle, byte %d: %d bytes are claimed, %d are left; get the file anew",
          place, in.position(), length, in.remaining());
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private String line() {
    int from = in.position();
    while (in.get() != '\n') {}
    return new String(in.array(), from, in.position() - 1 - from, UTF_8);
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object pop() {
    return stack.remove(stack.size() - 1);
  }

  private Object top() {
    return stack.get(stack.size() - 1);
  }

  private Object recall(int key) {
    Object value = memo.get(key);
    if (value == null) {
      throw new IndexOutOfBoundsException("memo " + key);
    }
    return value;
  }

  private List<Object> last(int count) {
    List<Object> part = stack.subList(stack.size() - count, stack.size());
    List<Object> values = new ArrayList<>(part);
    part.clear();
    return values;
  }

  private List<Object> sinceMark() {
    int mark = marks.remove(marks.size() - 1);
    return last(stack.size() - mark);
  }

  @SuppressWarnings("unchecked") // Lists are made here alone.
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  @SuppressWarnings("unchecked") // Maps are made here alone.
  private static Map<Object, Object> map(Object value) {
    return (Map<Object, Object>) value;
  }
}
