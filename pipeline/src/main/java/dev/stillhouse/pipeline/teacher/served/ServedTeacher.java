package dev.stillhouse.pipeline.teacher.served;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.stillhouse.pipeline.teacher.ReducedTeacher;
import dev.stillhouse.pipeline.teacher.Selection;
import dev.stillhouse.pipeline.teacher.TokenIds;
import dev.stillhouse.pipeline.teacher.Windows;
import dev.stillhouse.pipeline.teacher.Windows.Window;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.manifest.TeacherNote;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A teacher behind HTTP servers that give the log-probs of a prompt's tokens.
 *
 * <p>A server says of token i what was expected there, so a prompt gets one token more than it has
 * positions: the next one of its segment, or, behind its last, a copy of that. No row depends on a
 * later token.
 */
final class ServedTeacher implements ReducedTeacher {
  /** Prompts of one server at a time, where short ones leave room for more. */
  private static final int PROMPTS = 128;

  /** Positions of one thread that are held at once; 64 entries of each are 34 MB. */
  private static final int MAX_AHEAD = 1 << 16;

  private final ServedApi api;
  private final ServedSettings settings;
  private final Servers servers;
  private final Windows windows;
  private final ExecutorService threads;

  private ServedTeacher(ServedApi api, ServedSettings settings, Servers servers) {
    this.api = api;
    this.settings = settings;
    this.servers = servers;
    this.windows = windows();
    this.threads =
        Executors.newFixedThreadPool(
            PROMPTS * servers.size(),
            new ThreadFactoryBuilder().setDaemon(true).setNameFormat("stillhouse-ask-%d").build());
  }

  static ServedTeacher open(
      ServedApi api, ServedSettings settings, Optional<BearerSecret> secret, Duration maxAnswer) {
    List<ServerLink> links =
        settings.urls().stream().map(url -> new ServerLink(url, secret, maxAnswer)).toList();
    return new ServedTeacher(api, settings, Servers.open(api, settings, links));
  }

  /** Returns the windows of a prompt; one more token takes the last place. */
  private Windows windows() {
    int max = servers.info().maxPrompt();
    Integer context = settings.context();
    if (context != null && max != ServerInfo.UNKNOWN && context > max - 1) {
      throw UsageException.of(
          "%s: context=%d, but the server scores prompts of up to %d tokens, one of which is the"
              + " token behind the last position; need at most %d",
          api.name(), context, max, max - 1);
    }
    Integer told = max == ServerInfo.UNKNOWN ? null : (Integer) (max - 1);
    return Windows.of(
        api.name(), context == null ? told : context, settings.stride(), settings.bos() != null);
  }

  @Override
  public Optional<String> notice() {
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%s %s; %s; up to %,d tokens at once at %s",
            api.name(),
            servers.info().sentence(),
            windows.canonical(),
            settings.tokens(),
            String.join(" and ", servers.urls())));
  }

  @Override
  public Set<Scalar> cannotGive() {
    return EnumSet.of(Scalar.ENTROPY, Scalar.LOG_NORMALISER);
  }

  @Override
  public void check(Selection selection) {
    String cannot =
        selection.spec().sample().isPresent()
            ? "sample: it gives the best entries and draws none"
            : !selection.spec().normalisersAt().isEmpty()
                ? "normaliser-at: it applies no temperature to the log-probs of a prompt"
                : "";
    if (!cannot.isEmpty()) {
      throw UsageException.of(
          "teacher %s cannot give %s; python -m stillhouse.teacher serves the model with all"
              + " statistics",
          api.name(), cannot);
    }
    ServerInfo info = servers.info();
    if (!selection.forced().isEmpty() && !info.givesForced()) {
      throw UsageException.of(
          "teacher %s cannot give forced ids: this server does not answer for ids by name (%s)",
          api.name(), info.sentence());
    }
    int top = selection.spec().maxTop();
    if (top > info.maxTop()) {
      throw UsageException.of(
          "teacher %s: %s needs %d entries of a position, the server gives %d; %s",
          api.name(),
          selection.spec(),
          top,
          info.maxTop(),
          String.format(Locale.ROOT, api.maxTopHint(), top));
    }
    if (selection.vocabulary() > info.vocabulary()) {
      throw DataException.of(
          "teacher %s predicts %d ids, but the tokenizer's vocabulary has %d; choose the tokenizer"
              + " that the teacher was made for",
          api.name(), info.vocabulary(), selection.vocabulary());
    }
  }

  @Override
  public StatisticsBatch read(TokenBatch batch, Selection selection) {
    TokenIds.check(batch, Math.min(vocabulary(), selection.vocabulary()));
    List<Window> cut = windows.cut(batch);
    List<Question> questions =
        cut.stream()
            .map(
                window ->
                    new Question(
                        prompt(batch, window), selection.spec().maxTop(), selection.forced()))
            .toList();
    List<Future<PromptScores>> asked = new ArrayList<>(cut.size());
    try {
      for (Question question : questions) {
        asked.add(threads.submit(() -> servers.ask(question)));
      }
      ServedRows read = new ServedRows(batch, selection, settings.bos() == null ? 0 : 1);
      for (int w = 0; w < cut.size(); w++) {
        Window window = cut.get(w);
        read.add(window, questions.get(w).prompt(), answer(batch, window, asked.get(w)));
      }
      return read.finish();
    } finally {
      questions.forEach(question -> question.cancel().cancel());
      asked.forEach(one -> one.cancel(true));
    }
  }

  private int[] prompt(TokenBatch batch, Window window) {
    int before = settings.bos() == null ? 0 : 1;
    int[] prompt = new int[before + window.length() + 1];
    if (settings.bos() != null) {
      prompt[0] = settings.bos();
    }
    System.arraycopy(batch.tokens(), window.start(), prompt, before, window.length());
    int last = window.start() + window.length() - 1;
    int target = batch.target(last);
    prompt[prompt.length - 1] = target == TokenBatch.NO_TARGET ? batch.tokens()[last] : target;
    return prompt;
  }

  private PromptScores answer(TokenBatch batch, Window window, Future<PromptScores> asked) {
    try {
      return asked.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted while waiting for the teacher", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof DataException && cause.getClass() == DataException.class) {
        throw new DataException(where(batch, window) + ": " + cause.getMessage(), cause);
      }
      Throwables.throwIfUnchecked(cause);
      throw new DataException(where(batch, window) + ": " + cause, e);
    }
  }

  /** Returns the slice in words. */
  static String where(TokenBatch batch, Window window) {
    int first = window.start() % batch.length();
    return "sequence "
        + (batch.firstSequence() + window.start() / batch.length())
        + ", positions "
        + first
        + " to "
        + (first + window.length() - 1);
  }

  /** Returns at how many positions the kept mass was above one: their tail is none. */
  @Override
  public Optional<TeacherNote> note(StatisticsBatch answer) {
    long above = 0;
    double largest = 0;
    for (int slot = 0; slot < answer.tokens().slots(); slot++) {
      if (answer.logTail()[slot] != Float.NEGATIVE_INFINITY) {
        continue;
      }
      double mass = 0;
      for (int e = answer.offsets()[slot]; e < answer.offsets()[slot + 1]; e++) {
        mass += Math.exp(answer.logProbs()[e]);
      }
      above += mass > 1 ? 1 : 0;
      largest = Math.max(largest, mass - 1);
    }
    return above == 0 ? Optional.empty() : Optional.of(new TeacherNote(0, 0, above, largest));
  }

  @Override
  public int positionsAhead() {
    return (int) Math.min(MAX_AHEAD, (long) settings.tokens() * servers.size());
  }

  @Override
  public String fingerprint() {
    return api.name()
        + " "
        + servers.info().identity()
        + settings.stated()
        + " "
        + windows.canonical()
        + (settings.bos() == null ? "" : " bos=" + settings.bos());
  }

  @Override
  public int vocabulary() {
    return servers.info().vocabulary();
  }

  /** Returns what the server or the person says: on a GPU, batching decides rounding. */
  @Override
  public boolean reproducible() {
    return (servers.info().details() + settings.stated()).contains(" batch-invariant=yes");
  }

  @Override
  public void close() {
    threads.shutdownNow();
    Uninterruptibles.awaitTerminationUninterruptibly(threads);
  }
}
