package dev.stillhouse.cli.commands;

import com.google.common.io.MoreFiles;
import com.google.common.io.Resources;
import java.io.IOException;
import java.nio.file.Path;

/** The demo's files, from this program's own jar: the part of Moby-Dick and the model. */
final class DemoFiles {
  private DemoFiles() {}

  /** Writes the documents of Moby-Dick that minigpt was not trained on; returns the file. */
  static Path text(Path directory) throws IOException {
    return copy("moby-dick-held-out.jsonl", directory);
  }

  /** Writes minigpt; returns the file. */
  static Path model(Path directory) throws IOException {
    return copy("model.onnx", directory);
  }

  private static Path copy(String name, Path directory) throws IOException {
    Path file = directory.resolve(name);
    Resources.asByteSource(Resources.getResource("demo/" + name))
        .copyTo(MoreFiles.asByteSink(file));
    return file;
  }
}
