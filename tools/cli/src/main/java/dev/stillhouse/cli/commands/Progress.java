package dev.stillhouse.cli.commands;

import dev.stillhouse.cli.output.OrderlyStop;
import dev.stillhouse.cli.output.Printable;
import dev.stillhouse.cli.output.Streams;
import dev.stillhouse.pipeline.job.JobListener;
import dev.stillhouse.pipeline.job.Meter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows the progress of a stage: a bar with rate and time left on a terminal, with the share of the
 * time in which a teacher elsewhere was waited for, a line every ten seconds elsewhere. Ctrl-C asks
 * the stage to stop ({@link OrderlyStop}).
 */
final class Progress implements JobListener {
  private final Terminal terminal;

  Progress(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void note(String message) {
    terminal.progress("%s", message);
  }

  @Override
  public void warn(String message) {
    terminal.progress("warning: %s", message);
  }

  @Override
  public Stage start(String stage, String unit, long total, Meter meter) {
    return new Shown(stage, unit, total, meter);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // Ends with the clock; a bar that fails is no bar.
  private final class Shown implements Stage {
    private final String stage;
    private final String unit;
    private final long total;
    private final Meter meter;
    private final long start = System.nanoTime();
    private final OrderlyStop.Registration interrupt;
    private final ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "progress");
              thread.setDaemon(true);
              return thread;
            });
    private final Runnable last;

    Shown(String stage, String unit, long total, Meter meter) {
      this.stage = stage;
      this.unit = unit;
      this.total = total;
      this.meter = meter;
      this.interrupt = OrderlyStop.onInterrupt(meter::stop);
      if (Terminal.interactive()) {
        ProgressBar bar = bar();
        clock.scheduleAtFixedRate(() -> show(bar), 0, 200, TimeUnit.MILLISECONDS);
        last =
            () -> {
              show(bar);
              bar.close();
              Streams.directErrors().println();
            };
      } else {
        clock.scheduleAtFixedRate(this::line, 10, 10, TimeUnit.SECONDS);
        last = this::line;
      }
    }

    private void show(ProgressBar bar) {
      meter
          .waitedShare()
          .ifPresent(
              share ->
                  bar.setExtraMessage(Terminal.text(" teacher %.0f %% of the time", 100 * share)));
      bar.stepTo(meter.done());
    }

    private ProgressBar bar() {
      return new ProgressBarBuilder()
          .setTaskName(stage)
          .setInitialMax(total)
          .setUnit(" " + unit, 1)
          .setStyle(ProgressBarStyle.ASCII)
          .setUpdateIntervalMillis(200)
          .showSpeed()
          // Not the library's console consumer: its terminal takes Ctrl-C away from the JVM.
          .setConsumer(
              new DelegatingProgressBarConsumer(
                  line -> Streams.directErrors().print("\r" + Printable.word(line)),
                  Terminal.columns() - 1))
          .build();
    }

    private void line() {
      double seconds = (System.nanoTime() - start) / 1e9;
      long done = meter.done();
      double rate = done / Math.max(seconds, 1e-3);
      String left =
          done == 0 || done >= total ? "" : Terminal.text(", %.0f s left", (total - done) / rate);
      terminal.progress(
          "%s: %,d of %,d %s, %.1f s, %,.0f/s%s", stage, done, total, unit, seconds, rate, left);
    }

    @Override
    public void close() {
      clock.shutdownNow();
      last.run();
      interrupt.close();
    }
  }
}
