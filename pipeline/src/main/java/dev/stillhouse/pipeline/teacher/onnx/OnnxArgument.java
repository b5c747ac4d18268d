package dev.stillhouse.pipeline.teacher.onnx;

import com.google.common.primitives.Ints;
import dev.stillhouse.storage.UsageException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What follows {@code onnx:} on the command line: {@code FILE[,context=C][,stride=S][,bos=ID]}.
 *
 * @param file the model
 * @param context most tokens that the model takes at once; null if the model itself must tell
 * @param stride how far a window moves; null for half the window
 * @param bos id that is put before every window and is no position of the dataset; null for none
 */
record OnnxArgument(
    Path file, @Nullable Integer context, @Nullable Integer stride, @Nullable Integer bos) {
  private static final Pattern SETTING = Pattern.compile("(.+),([a-z]+)=([^,]*)", Pattern.DOTALL);

  static OnnxArgument parse(String text) {
    String file = text;
    @Nullable Integer context = null;
    @Nullable Integer stride = null;
    @Nullable Integer bos = null;
    for (Matcher m = SETTING.matcher(file); m.matches(); m = SETTING.matcher(file)) {
      int least = m.group(2).equals("bos") ? 0 : 1;
      int value = number(m.group(2), m.group(3), least);
      switch (m.group(2)) {
        case "context" -> context = value;
        case "stride" -> stride = value;
        case "bos" -> bos = value;
        default ->
            throw UsageException.of(
                "onnx: no setting '%s'; present: [context, stride, bos], as in"
                    + " onnx:model.onnx,context=1024,stride=512,bos=1",
                m.group(2));
      }
      file = m.group(1);
    }
    if (file.isEmpty()) {
      throw new UsageException("onnx: name the model's file, as in onnx:model.onnx");
    }
    try {
      return new OnnxArgument(Path.of(file), context, stride, bos);
    } catch (InvalidPathException e) {
      throw UsageException.of("onnx: '%s' is no path: %s", file, e.getReason());
    }
  }

  private static int number(String name, String text, int least) {
    Integer value = Ints.tryParse(text);
    if (value != null && value >= least) {
      return value;
    }
    throw UsageException.of("onnx: %s=%s: need a whole number >= %d", name, text, least);
  }
}
