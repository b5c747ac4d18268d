package dev.stillhouse.pipeline.teacher.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import dev.stillhouse.pipeline.LocalPath;
import dev.stillhouse.storage.UsageException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text behind {@code onnx:} on the command line: {@code FILE[,context=C][,stride=S][,bos=ID]}.
 * The longest beginning that names a file is the file, so that its name may hold commas and {@code
 * =} too.
 *
 * @param file the model
 * @param context max tokens that the model takes at once; null if the model itself says it
 * @param stride how far a window moves; null for half the window
 * @param bos id that is put before every window and is no position of the dataset; null for none
 */
record OnnxArgument(
    Path file, @Nullable Integer context, @Nullable Integer stride, @Nullable Integer bos) {
  private static final Pattern SETTING = Pattern.compile("(.+),([a-z]+)=([^,]*)", Pattern.DOTALL);

  private static final ImmutableList<String> SETTINGS =
      ImmutableList.of("context", "stride", "bos");

  static OnnxArgument parse(String text) {
    String file = text;
    @Nullable Integer context = null;
    @Nullable Integer stride = null;
    @Nullable Integer bos = null;
    for (Matcher m = SETTING.matcher(file);
        m.matches() && !LocalPath.isFile(file);
        m = SETTING.matcher(file)) {
      if (!SETTINGS.contains(m.group(2))) {
        throw UsageException.of(
            "onnx: no setting '%s'; present: %s, as in onnx:model.onnx,context=1024,stride=512,bos=1"
                + " (and there is no file '%s')",
            m.group(2), SETTINGS, file);
      }
      int value = number(m.group(2), m.group(3), m.group(2).equals("bos") ? 0 : 1);
      switch (m.group(2)) {
        case "context" -> context = value;
        case "stride" -> stride = value;
        default -> bos = value;
      }
      file = m.group(1);
    }
    if (file.isEmpty()) {
      throw new UsageException("onnx: name the model's file, as in onnx:model.onnx");
    }
    return new OnnxArgument(LocalPath.of("onnx", file), context, stride, bos);
  }

  private static int number(String name, String text, int min) {
    Integer value = Ints.tryParse(text);
    if (value != null && value >= min) {
      return value;
    }
    throw UsageException.of("onnx: %s=%s: need a whole number >= %d", name, text, min);
  }
}
