package dev.stillhouse.pipeline.teacher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.platform.Fp16Conversions;
import dev.stillhouse.storage.statistics.Float16;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.junit.jupiter.api.Test;

class NarrowLogitsTest {
  @Test
  void everyValueOfBothTypesIsThatOfTheOnnxRuntime() {
    short[] all = new short[1 << 16];
    for (int i = 0; i < all.length; i++) {
      all[i] = (short) i;
    }
    float[] half = new float[all.length];
    Float16.widen(ShortBuffer.wrap(all), FloatBuffer.wrap(half));
    float[] brain = new float[all.length];
    LogitBuffer.bfloat16(all).get(0, brain, all.length);
    for (int i = 0; i < all.length; i++) {
      assertEquals(Fp16Conversions.mlasFp16ToFloat(all[i]), half[i], "float16 " + i);
      assertEquals(Fp16Conversions.bf16ToFloat(all[i]), brain[i], "bfloat16 " + i);
    }
  }
}
