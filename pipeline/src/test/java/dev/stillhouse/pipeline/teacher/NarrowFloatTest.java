package dev.stillhouse.pipeline.teacher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.junit.jupiter.api.Test;

class NarrowFloatTest {
  @Test
  void everyValueOfBothTypesIsThatOfTheOnnxRuntime() {
    short[] all = new short[1 << 16];
    for (int i = 0; i < all.length; i++) {
      all[i] = (short) i;
    }
    float[] half = widen(NarrowFloat.FLOAT16, all);
    float[] brain = widen(NarrowFloat.BFLOAT16, all);
    for (int i = 0; i < all.length; i++) {
      assertEquals(Fp16Conversions.mlasFp16ToFloat(all[i]), half[i], "float16 " + i);
      assertEquals(Fp16Conversions.bf16ToFloat(all[i]), brain[i], "bfloat16 " + i);
    }
  }

  private static float[] widen(NarrowFloat type, short[] values) {
    float[] wide = new float[values.length];
    type.widen(ShortBuffer.wrap(values), FloatBuffer.wrap(wide));
    return wide;
  }
}
