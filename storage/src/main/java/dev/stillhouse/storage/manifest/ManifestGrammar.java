package dev.stillhouse.storage.manifest;

import dev.stillhouse.storage.Json;
import java.util.List;

/** The two formats of manifests, {@value Manifest#INLINE} and {@value Manifest#LISTED}. */
final class ManifestGrammar implements VersionLog.Grammar<Manifest> {
  private final ShardListBlobs lists;

  ManifestGrammar(ShardListBlobs lists) {
    this.lists = lists;
  }

  @Override
  public BlobKind kind() {
    return BlobKind.MANIFEST;
  }

  @Override
  public int maxBytes() {
    return ManifestLog.MAX_BYTES;
  }

  /** Writes the lists of shards first (law 5); returns the JSON. */
  @Override
  public byte[] write(Manifest manifest) {
    return manifest.format().equals(Manifest.LISTED)
        ? Json.record(ManifestHead.of(manifest, lists.put(manifest.lists())))
        : Json.record(manifest);
  }

  @Override
  public Manifest parse(String blob, byte[] json) {
    if (!listed(json)) {
      return Json.record(blob, json, Manifest.class).checked(blob);
    }
    ManifestHead head = ManifestHead.parse(blob, json);
    return head.with(lists.read(head.lists())).checked(blob);
  }

  /** Returns the lists that a manifest names, without reading any. */
  static List<ListRecord> lists(String blob, byte[] json) {
    return listed(json) ? ManifestHead.parse(blob, json).lists() : List.of();
  }

  private static boolean listed(byte[] json) {
    return Json.field(json, "format").equals(Manifest.LISTED);
  }

  @Override
  public long number(Manifest manifest) {
    return manifest.version();
  }
}
