package dev.stillhouse.pipeline.teacher.logits;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpyHeaderTest {
  private static NpyHeader parse(int version, String text) {
    ByteBuffer bytes = ByteBuffer.allocate(12 + text.length()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(ISO_8859_1)).put((byte) version).put((byte) 0);
    if (version == 1) {
      bytes.putShort((short) text.length());
    } else {
      bytes.putInt(text.length());
    }
    return NpyHeader.parse("a.npy", bytes.put(text.getBytes(ISO_8859_1)).flip());
  }

  private static String failure(String text) {
    return String.valueOf(assertThrows(DataException.class, () -> parse(1, text)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, 5), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, 5)}",
        "{'shape': (2, 3, 5), 'descr': '<f4', 'fortran_order': False}",
        "{'fortran_order': False, 'shape': (2L, 3L, 5L), 'descr': '<f4'}",
        "{\"descr\": \"<f4\", \"fortran_order\": False, \"shape\": (2, 3, 5)}",
        "  { 'descr' :'<f4' ,'fortran_order':False,  'shape':( 2,3 , 5 , ) , }   \n",
      })
  void whatNumpyLoadsIsRead(String text) {
    for (int version = 1; version <= 3; version++) {
      NpyHeader header = parse(version, text);
      assertEquals(List.of(2L, 3L, 5L), header.shape());
      assertEquals("<f4", header.type());
    }
  }

  @Test
  void shapesOfOneAndNoDimensionAreRead() {
    assertEquals(
        List.of(7L), parse(1, "{'descr': '<i4', 'shape': (7L,), 'fortran_order': False}").shape());
    assertEquals(
        List.of(), parse(1, "{'descr': '<i4', 'shape': (), 'fortran_order': False}").shape());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 'x'}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': 'False', 'shape': (1,)}",
        "{'descr': '<f4' 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
        "x{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': '(1,)'}",
      })
  void whatNumpyRefusesIsRefused(String text) {
    assertTrue(failure(text).contains("the header is not understood"), failure(text));
  }

  @Test
  void fieldsAndOrderAreNamed() {
    String fields =
        "{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (1,)}";
    assertTrue(failure(fields).contains("an array of named fields"), failure(fields));
    String order = "{'shape': (1, 2), 'descr': '<f4', 'fortran_order': True}";
    assertTrue(failure(order).contains("ascontiguousarray"), failure(order));
  }

  @Test
  void adviceIsRightForTheType() {
    assertTrue(advice("|O").contains("numpy.stack"), advice("|O"));
    assertTrue(advice("<V2").contains("ml_dtypes.bfloat16"), advice("<V2"));
    assertTrue(advice("|V2").contains("ml_dtypes.bfloat16"), advice("|V2"));
    for (String type : List.of("<f8", ">f4", "<i4")) {
      assertEquals("convert it with array.astype", advice(type));
    }
  }

  private static String advice(String type) {
    return new NpyHeader(type, List.of(1L), 0).advice();
  }
}
