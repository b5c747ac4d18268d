package dev.stillhouse.storage.store.s3;

import java.io.IOException;
import java.io.OutputStream;

/** The server's process: ends when whoever started it is gone. */
final class S3ServerProcess {
  private S3ServerProcess() {}

  public static void main(String[] arguments) throws ReflectiveOperationException {
    Thread watch =
        new Thread(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream()); // Until its end.
              } catch (IOException e) {
                System.err.println(e); // As good as the end.
              }
              Runtime.getRuntime().halt(0);
            });
    watch.setDaemon(true);
    watch.start();
    Class.forName("org.springframework.boot.loader.launch.JarLauncher")
        .getMethod("main", String[].class)
        .invoke(null, (Object) arguments);
  }
}
