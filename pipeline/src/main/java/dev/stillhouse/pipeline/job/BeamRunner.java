package dev.stillhouse.pipeline.job;

import com.google.common.base.Throwables;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.TypeDescriptor;

/** Runs pipelines of one shape: descriptors, each passed to one call of one DoFn. */
public final class BeamRunner {
  private static final String UNKNOWN = "missing a property named";
  private static final String THREADS = "--targetParallelism";

  private BeamRunner() {}

  /** Returns whether Beam has an option of this name, as in {@code --runner}. */
  public static boolean knows(String name) {
    try {
      var unused = PipelineOptionsFactory.fromArgs(name + "=").create();
      return true;
    } catch (IllegalArgumentException e) {
      return !String.valueOf(e.getMessage()).contains(UNKNOWN);
    }
  }

  /**
   * Refuses options that Beam does not take.
   *
   * @throws UsageException naming the word
   */
  public static void check(List<String> arguments) {
    for (String argument : arguments) {
      if (argument.matches(THREADS + "(=.*)?") && !argument.matches(THREADS + "=[1-9][0-9]{0,4}")) {
        throw UsageException.of("'%s': need a number of threads from 1 to 99999", argument);
      }
      try {
        var unused = PipelineOptionsFactory.fromArgs(argument).create();
      } catch (IllegalArgumentException e) {
        throw UsageException.of("Beam does not take '%s': %s", argument, reason(argument, e));
      }
    }
  }

  private static String reason(String argument, IllegalArgumentException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains(UNKNOWN)) {
      return "it has no such option";
    }
    // Some reasons are the names of classes and what a parser expected.
    return message.matches("(?s).*(com\\.|org\\.|java\\.|JSON).*")
        ? "the value of " + argument.replaceFirst("=.*", "") + " is of another kind"
        : message;
  }

  /**
   * Reads Beam's options.
   *
   * @throws UsageException for what Beam does not take
   */
  public static PipelineOptions options(List<String> arguments) {
    check(arguments);
    return PipelineOptionsFactory.fromArgs(withThreads(arguments).toArray(String[]::new))
        .withValidation()
        .create();
  }

  /**
   * Returns the arguments with the number of threads of the direct runner, which by itself takes at
   * least three. With fewer cores its scheduler then spins in the idle thread: 30 % of all samples
   * on two cores.
   */
  private static List<String> withThreads(List<String> arguments) {
    boolean chosen =
        arguments.stream().anyMatch(a -> a.matches("(" + THREADS + "|--runner)(=.*)?"));
    List<String> all = new ArrayList<>(arguments);
    if (!chosen) {
      all.add(THREADS + "=" + Runtime.getRuntime().availableProcessors());
    }
    return all;
  }

  /** Runs {@code fn} on every element and waits. An error of a DoFn is thrown as it was. */
  public static <T extends Serializable> void run(
      String name,
      Class<T> type,
      List<T> elements,
      DoFn<T, Void> fn,
      Meter meter,
      List<String> arguments) {
    if (elements.isEmpty()) {
      return;
    }
    // Each process starts elsewhere, so that two that share a job meet late. Content is the same
    // in any order.
    List<T> shuffled = new ArrayList<>(elements);
    Collections.shuffle(shuffled, new Random());
    Pipeline pipeline = Pipeline.create(options(arguments));
    pipeline
        .apply(name + " plan", Create.of(shuffled).withCoder(SerializableCoder.of(type)))
        .setTypeDescriptor(TypeDescriptor.of(type))
        // One element a bundle: the runner may give each to a thread of its own.
        .apply(Reshuffle.viaRandomKey())
        .apply(name, ParDo.of(fn));
    run(name, pipeline, meter);
  }

  /** Runs a pipeline of any shape and waits. An error of a DoFn is thrown as it was. */
  public static void run(String name, Pipeline pipeline, Meter meter) {
    try {
      PipelineResult.State state = pipeline.run().waitUntilFinish();
      if (state != PipelineResult.State.DONE) {
        throw DataException.of("the runner ended '%s' in state %s", name, state);
      }
    } catch (RuntimeException | Error e) { // One in a DoFn's setup comes as another than the rest.
      meter.stopAndWait(); // The runner returns at the first error; others are still at work.
      throw message(name, e);
    }
  }

  /** Returns the error for people, without Beam's wrappers. */
  private static RuntimeException message(String name, Throwable error) {
    for (Throwable cause : Throwables.getCausalChain(error)) {
      if (cause instanceof DataException || cause instanceof UsageException) {
        return (RuntimeException) cause;
      }
    }
    return new DataException(name + " failed: " + Failures.words(error), error);
  }
}
