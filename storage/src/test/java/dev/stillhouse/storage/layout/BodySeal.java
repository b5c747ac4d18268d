package dev.stillhouse.storage.layout;

import dev.stillhouse.storage.ByteRange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;

/** Makes checksums right again in place, after bytes of a shard's body were changed. */
final class BodySeal {
  private final SealedShard good;
  private final List<ByteRange> pieces;
  private final int tableAt;
  private final ByteBuffer table;

  BodySeal(SealedShard good) {
    this.good = good;
    this.pieces = good.footer().body(1);
    String text = good.footer().metadata("stillhouse.checksums");
    this.tableAt = new String(good.bytes(), StandardCharsets.ISO_8859_1).lastIndexOf(text);
    this.table = ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The shard with other bytes, of which those from {@code at} on differ in one piece. */
  SealedShard changed(byte[] bytes, int at) {
    int i = 0;
    while (pieces.get(i).end() <= at) {
      i++;
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, (int) pieces.get(i).offset(), pieces.get(i).length());
    byte[] changed = table.array().clone();
    ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(8 * i + 4, (int) crc.getValue());
    byte[] text = Base64.getEncoder().encode(changed);
    System.arraycopy(text, 0, bytes, tableAt, text.length);
    return Forgery.resealed(bytes, good.footerBytes());
  }
}
