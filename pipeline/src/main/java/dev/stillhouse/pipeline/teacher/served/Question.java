package dev.stillhouse.pipeline.teacher.served;

import com.google.common.primitives.ImmutableIntArray;

/**
 * A question to a server, about one prompt.
 *
 * @param prompt token ids
 * @param top best entries of each position; 0 for none
 * @param forced ids whose log-probs are wanted at each position
 * @param cancel ends it
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never a key.
record Question(int[] prompt, int top, ImmutableIntArray forced, Cancel cancel) {
  Question(int[] prompt, int top, ImmutableIntArray forced) {
    this(prompt, top, forced, new Cancel());
  }
}
