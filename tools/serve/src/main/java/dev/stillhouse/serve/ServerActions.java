package dev.stillhouse.serve;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.stillhouse.storage.IfAbsent;
import dev.stillhouse.storage.Json;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.dataset.position.PositionReport;
import dev.stillhouse.storage.loader.Cursor;
import java.util.List;
import org.apache.arrow.flight.ActionType;

/** The calls of {@code DoAction}: JSON in, JSON out. {@code docs/reference/flight.md} has them. */
final class ServerActions {
  static final ImmutableList<ActionType> TYPES =
      ImmutableList.of(
          new ActionType("position", "Says what the teacher said at one position."),
          new ActionType("ledger", "Says what reading a dataset has cost so far, by region."),
          new ActionType("merge", "Merges the cursors of all ranks into one."));

  private final ServedDatasets served;

  ServerActions(ServedDatasets served) {
    this.served = served;
  }

  /**
   * One position of a dataset.
   *
   * @param version of the dataset; -1 is the newest
   */
  record Position(
      int v,
      String dataset,
      @JsonProperty("version") @IfAbsent("-1") long version,
      long sequence,
      int position) {}

  /** A dataset. */
  record Named(int v, String dataset) {}

  /** The cursors of all ranks, each its JSON text. */
  record Cursors(int v, List<String> cursors) {}

  /** Returns the answer to an action. */
  String answer(String type, byte[] body) {
    String from = "the action '" + type + "'";
    return switch (type) {
      case "position" -> position(parsed(from, body, Position.class));
      case "ledger" -> ledger(parsed(from, body, Named.class));
      case "merge" -> merged(parsed(from, body, Cursors.class));
      default ->
          throw UsageException.of(
              "no action '%s'; there are %s",
              type, TYPES.stream().map(ActionType::getType).toList());
    };
  }

  private static <T> T parsed(String from, byte[] body, Class<T> type) {
    LoadRequest.checkVersion(from, body);
    return Json.parse(from, body, type);
  }

  private String position(Position asked) {
    Dataset dataset =
        asked.version() < 0
            ? served.newest(asked.dataset())
            : served.version(asked.dataset(), asked.version());
    return Json.line(PositionReport.of(dataset, asked.sequence(), asked.position()));
  }

  private String ledger(Named asked) {
    return Json.line(ImmutableMap.of("entries", served.newest(asked.dataset()).ledger().entries()));
  }

  private static String merged(Cursors asked) {
    return Cursor.merge(
            asked.cursors().stream().map(text -> Cursor.parse(text, "of the action")).toList())
        .toJson();
  }
}
