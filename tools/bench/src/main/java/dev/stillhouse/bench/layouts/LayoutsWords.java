package dev.stillhouse.bench.layouts;

import dev.stillhouse.cli.commands.Terminal;
import dev.stillhouse.storage.topology.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Explains in words how each figure of the report was measured. */
final class LayoutsWords {
  private LayoutsWords() {}

  static List<String> of(Measured measured) {
    List<String> words = new ArrayList<>();
    words.add(
        "Bytes: files as they are written, divided by positions. Container is footer, index, page"
            + " headers and checksums; rest is tokens, scalars and counts. Where ids and log-probs lie"
            + " together (adaptive, Megatron, Vortex, Lance), ids are what is left when all"
            + " log-probs are 0, adaptive's prior among them.");
    words.add(
        "Error: every log-prob that is read is compared with the one that was written. KL is"
            + " KL(written || stored) over the kept ids and one bucket for the rest, mean over"
            + " positions, in nats.");
    words.add(
        "Speed: one thread, files in memory, stores take turns, medians. Layouts check every"
            + " checksum and fingerprint while they read; rivals have none.");
    words.add(
        "By tail over fixed k: the same statistics, each position cut to the fewest of its best"
            + " entries that reach 0.99 of the mass (at most 64), written again; bytes of ids and"
            + " log-probs for a kept entry, over those of the fixed k.");
    words.add(
        "Heap: a JVM of its own with 256 MB reads the first shard; the sum of the most that each of"
            + " its memory pools held, garbage included.");
    words.add(
        "Random reads: the footer is known; byte ranges that touch are one request, gaps are not"
            + " read through. Means over 32 batches of 8 different sequences of a shard.");
    for (Link link : Fetches.LINKS) {
      words.add(
          Terminal.text(
              "An epoch over %.0f ms (reader in %s, store in %s): %d requests in flight, seconds ="
                  + " max((requests x (%.3f s + %.3f s to the first byte) + bytes / %.1f MB/s) / %d,"
                  + " bytes / %.0f MB/s of the machine); dollars = bytes x $%.3f/GB + requests x"
                  + " $%.1e. In order, a shard is its runs of ranges; shuffled, each sequence is"
                  + " fetched by itself. Scaled from this sample's shards to 1 G positions. Nothing"
                  + " is read through gaps to save requests, nor cached.",
              1e3 * link.roundTripSeconds(),
              link.reader(),
              link.store(),
              Link.IN_FLIGHT,
              link.roundTripSeconds(),
              link.firstByteSeconds(),
              link.bytesPerSecond() / 1e6,
              Link.IN_FLIGHT,
              link.machineBytesPerSecond() / 1e6,
              link.dollarsPerByte() * 1e9,
              link.dollarsPerRequest()));
    }
    words.add(
        "Static prior: the entropy of ids, as often as each is kept anywhere, and of the steps of"
            + " 0.02 nats between neighbouring log-probs by rank; its tables cost nothing.");
    for (Map<String, Object> row : measured.rows()) {
      if ("rival".equals(row.get("kind"))) {
        words.add(row.get("name") + " keeps " + row.get("keeps") + ".");
      }
      if (row.containsKey("cannotHold")) {
        words.add(row.get("name") + " cannot hold this: " + row.get("cannotHold"));
      }
    }
    return words;
  }
}
