// SPDX-License-Identifier: Apache-2.0

import dev.stillhouse.pipeline.teacher.DenseTeacher;
import dev.stillhouse.pipeline.teacher.Logits;
import dev.stillhouse.pipeline.teacher.LogitsCursor;
import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.Teacher;
import dev.stillhouse.pipeline.teacher.Teachers;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import io.grpc.netty.NettyChannelBuilder;

/** The rate of a served teacher: reduced|dense|flight HOST:PORT SECONDS THREADS; prints positions (flight: bytes) a second. */
public class TeacherRate {
  public static void main(String[] args) throws Exception {
    System.out.printf("%f%n", args[0].equals("flight") ? flight(args) : teacher(args));
  }

  private static double teacher(String[] args) throws Exception {
    boolean dense = args[0].equals("dense");
    int threads = Integer.parseInt(args[3]);
    TokenBatch batch = new TokenBatch(0, 512, new int[2048], new int[2048]);
    AtomicLong rows = new AtomicLong();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (Teacher teacher = Teachers.named("flight").open(args[1] + (dense ? ",dense=own" : ""), Optional.empty())) {
      long warm = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
      long end = warm + TimeUnit.SECONDS.toNanos(Long.parseLong(args[2]));
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(
            pool.submit(
                () -> {
                  while (System.nanoTime() < end) {
                    long now = dense ? dense((DenseTeacher) teacher, batch) : reduced((ReducedTeacher) teacher, batch);
                    rows.addAndGet(System.nanoTime() > warm ? now : 0);
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
      return rows.get() / ((System.nanoTime() - warm) / 1e9);
    } finally {
      pool.shutdownNow();
    }
  }

  private static long reduced(ReducedTeacher teacher, TokenBatch batch) {
    teacher.read(batch, Selection.topK(teacher.vocabulary(), 64));
    return batch.slots();
  }

  private static long dense(DenseTeacher teacher, TokenBatch batch) {
    long rows = 0;
    try (LogitsCursor cursor = teacher.read(batch)) {
      for (Logits block = cursor.next(); block != null; block = cursor.next()) {
        rows += block.count();
        block.close();
      }
    }
    return rows;
  }

  /** Reads plain streams of the server's own, as the dense rows come. */
  private static double flight(String[] args) throws Exception {
    String[] place = args[1].split(":");
    long bytes = 0;
    try (BufferAllocator allocator = new RootAllocator();
        FlightClient client =
            FlightGrpcUtils.createFlightClient(
                allocator,
                NettyChannelBuilder.forAddress(place[0], Integer.parseInt(place[1]))
                    .maxInboundMessageSize(96 << 20)
                    .flowControlWindow(16 << 20)
                    .usePlaintext()
                    .build())) {
      long warm = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
      long end = warm + TimeUnit.SECONDS.toNanos(Long.parseLong(args[2]));
      while (System.nanoTime() < end) {
        try (FlightStream stream = client.getStream(new Ticket(new byte[0]))) {
          while (stream.next()) {
            long size = stream.getRoot().getFieldVectors().stream().mapToLong(v -> v.getBufferSize()).sum();
            bytes += System.nanoTime() > warm ? size : 0;
          }
        }
      }
      return bytes / ((System.nanoTime() - warm) / 1e9);
    }
  }
}
