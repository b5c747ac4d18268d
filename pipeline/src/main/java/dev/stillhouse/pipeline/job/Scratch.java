package dev.stillhouse.pipeline.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files on their way into a store. */
public final class Scratch {
  private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);

  private Scratch() {}

  /** Deletes a file that is no longer needed. A leftover only takes space, and is reported. */
  public static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("scratch file {} stays behind: {}", file, e.getMessage());
    }
  }
}
