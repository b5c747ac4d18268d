package dev.stillhouse.pipeline.teacher.served;

import java.io.IOException;

/** What differs between kinds of servers: their paths, requests and answers. */
interface ServedApi {
  /** Returns the name of its teacher on the command line. */
  String name();

  /** Returns what a person who starts a server must say so that it gives more entries. */
  String maxTopHint();

  /**
   * Asks a server what it is and what it can give.
   *
   * @throws TryAgainException if it is not there now
   * @throws dev.stillhouse.storage.DataException if it is no such server, or gives no log-probs
   */
  ServerInfo probe(ServerLink link, ServedSettings settings)
      throws IOException, InterruptedException;

  /**
   * Asks about one prompt.
   *
   * @throws TryAgainException if another attempt may bring the answer
   * @throws dev.stillhouse.storage.DataException for a refusal or an answer of another form
   */
  PromptScores ask(ServerLink link, ServerInfo info, Question question)
      throws IOException, InterruptedException;
}
