package dev.stillhouse.storage.replica.hedge;

/** What a {@link HedgedRead} wants done. */
public sealed interface HedgeAction {
  /** Ends a request. What has crossed of it is reported to {@link HedgedRead#crossed}. */
  record Cancel(int request) implements HedgeAction {}

  /** Sends the read to a replica. It is the last action of a list. */
  record Ask(int request, int replica) implements HedgeAction {}

  /** Takes the answer of a request: the read has ended. */
  record Take(int request) implements HedgeAction {}

  /** Fails the read: it has ended. */
  record GiveUp() implements HedgeAction {}
}
