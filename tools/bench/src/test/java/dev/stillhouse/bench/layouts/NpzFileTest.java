package dev.stillhouse.bench.layouts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the format's own description (numpy.lib.format); NumPy was tried by hand. */
class NpzFileTest {
  @TempDir Path directory;

  /** Headers and data by the arrays' names. */
  private static Map<String, ByteBuffer> read(Path file, Map<String, String> headers)
      throws IOException {
    Map<String, ByteBuffer> arrays = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        ByteBuffer all = ByteBuffer.wrap(zip.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[8];
        all.get(magic);
        assertEquals("\u0093NUMPY\u0001\u0000", new String(magic, ISO_8859_1));
        byte[] header = new byte[all.getShort()];
        all.get(header);
        assertEquals(0, all.position() % 64, "data is aligned");
        String text = new String(header, ISO_8859_1);
        assertTrue(text.endsWith("\n"), text);
        headers.put(e.getName(), text.strip());
        arrays.put(e.getName(), all.slice().order(ByteOrder.LITTLE_ENDIAN));
      }
    }
    return arrays;
  }

  private static ByteBuffer array(Map<String, ByteBuffer> arrays, String name) {
    return Objects.requireNonNull(arrays.get(name), name);
  }

  @Test
  void arraysComeBack() throws IOException {
    Path file = directory.resolve("a.npz");
    try (NpzFile npz = new NpzFile(file)) {
      npz.add("whole/numbers", new int[] {1, -2, 3, 4, 5, 6}, 2, 3);
      npz.add("floats", new float[] {0.5f, Float.NaN}, 2);
      npz.add("doubles", new double[] {0.1}, 1);
      npz.add("texts", List.of("a", "\u00e9\ud83d\udc0b", ""));
    }
    Map<String, String> headers = new LinkedHashMap<>();
    Map<String, ByteBuffer> arrays = read(file, headers);
    assertEquals(
        List.of("whole/numbers.npy", "floats.npy", "doubles.npy", "texts.npy"),
        List.copyOf(arrays.keySet()));
    assertEquals(
        "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3,), }",
        headers.get("whole/numbers.npy"));
    int[] numbers = new int[6];
    array(arrays, "whole/numbers.npy").asIntBuffer().get(numbers);
    assertArrayEquals(new int[] {1, -2, 3, 4, 5, 6}, numbers);
    float[] floats = new float[2];
    array(arrays, "floats.npy").asFloatBuffer().get(floats);
    assertArrayEquals(new float[] {0.5f, Float.NaN}, floats);
    assertEquals(0.1, array(arrays, "doubles.npy").asDoubleBuffer().get());
    assertEquals(
        "{'descr': '<U2', 'fortran_order': False, 'shape': (3,), }", headers.get("texts.npy"));
    int[] points = new int[6];
    array(arrays, "texts.npy").asIntBuffer().get(points);
    assertArrayEquals(new int[] {'a', 0, 0xe9, 0x1f40b, 0, 0}, points);
  }

  @Test
  void aWrongShapeIsRefused() throws IOException {
    try (NpzFile npz = new NpzFile(directory.resolve("b.npz"))) {
      npz.add("fits", new int[0], 0);
      assertThrows(IllegalArgumentException.class, () -> npz.add("x", new int[5], 2, 3));
    }
  }
}
