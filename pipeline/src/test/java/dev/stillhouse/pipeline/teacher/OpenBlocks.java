package dev.stillhouse.pipeline.teacher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What {@link LogitsCursor} promises of blocks that are open at once; each teacher's test asks. */
public final class OpenBlocks {
  private OpenBlocks() {}

  /** Reads the batch twice: each block by itself, and all at once, open behind the cursor. */
  public static void check(DenseTeacher teacher, TokenBatch batch) {
    List<float[]> alone = new ArrayList<>();
    try (LogitsCursor cursor = teacher.read(batch)) {
      for (Logits block = cursor.next(); block != null; block = cursor.next()) {
        alone.add(rows(block));
        block.close();
        assertThrows(IllegalStateException.class, block::rows);
      }
    }
    List<Logits> open = new ArrayList<>();
    LogitsCursor cursor = teacher.read(batch);
    for (Logits block = cursor.next(); block != null; block = cursor.next()) {
      open.add(block);
    }
    cursor.close();
    assertThrows(IllegalStateException.class, cursor::next);
    assertEquals(alone.size(), open.size());
    for (int i = 0; i < open.size(); i++) {
      assertArrayEquals(alone.get(i), rows(open.get(i)), "block " + i);
    }
    Collections.reverse(open);
    open.forEach(Logits::close);
    open.forEach(Logits::close); // as good as once
  }

  private static float[] rows(Logits block) {
    float[] rows = new float[block.count() * block.width()];
    block.rows().get(0, rows, rows.length);
    return rows;
  }
}
