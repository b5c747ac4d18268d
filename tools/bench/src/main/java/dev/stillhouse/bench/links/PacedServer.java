package dev.stillhouse.bench.links;

import dev.stillhouse.storage.topology.Link;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server on this machine's loopback that answers as if it were behind a link, in real time: it
 * sleeps for the wait, and sends bytes at the rate of a request, within a rate that all connections
 * share. A request is its number and its length; the number decides its faults.
 */
final class PacedServer implements AutoCloseable {
  private static final int CHUNK = 32_768;

  private final ServerSocket server;
  private final Link link;
  private final LinkFaults faults;
  private final List<Socket> sockets = new ArrayList<>();
  private long sharedFree = System.nanoTime();

  PacedServer(Link link, LinkFaults faults) throws IOException {
    this.link = link;
    this.faults = faults;
    this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "paced-server");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        synchronized (this) {
          sockets.add(socket);
        }
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      return; // It is closed.
    }
  }

  private void serve(Socket socket) {
    try (DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream()) {
      while (true) {
        answer(in.readLong(), in.readInt(), out);
      }
    } catch (EOFException e) {
      return; // The client has what it wants.
    } catch (IOException e) {
      return; // It is closed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(long number, int length, OutputStream out)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    LinkFaults.Draw draw = faults.draw(number);
    double wait = link.roundTripSeconds() + link.firstByteSeconds() * draw.waits();
    long due = start + VirtualTime.nanos(wait * draw.factor());
    double nanosPerByte = 1e9 / (link.bytesPerSecond() / draw.factor());
    sleepUntil(due);
    byte[] chunk = new byte[CHUNK];
    for (int sent = 0; sent < length; sent += CHUNK) {
      int bytes = Math.min(CHUNK, length - sent);
      // By when each chunk should have come, so that a late thread catches up.
      due = Math.max(due + (long) (bytes * nanosPerByte), shared(due, bytes));
      sleepUntil(due);
      out.write(chunk, 0, bytes);
    }
    out.flush();
  }

  /** Returns when the shared rate has let bytes through that are in turn from {@code start} on. */
  private synchronized long shared(long start, int bytes) {
    long nanos = (long) (bytes * 1e9 / link.machineBytesPerSecond());
    sharedFree = Math.max(sharedFree, start) + nanos;
    return sharedFree;
  }

  private static void sleepUntil(long due) throws InterruptedException {
    long nanos = due - System.nanoTime();
    if (nanos > 0) {
      TimeUnit.NANOSECONDS.sleep(nanos);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    synchronized (this) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
