package dev.stillhouse.serve;

import com.google.common.hash.HashCode;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import com.google.common.primitives.Bytes;
import dev.stillhouse.storage.DataException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Tickets of one server: a request with the server's id and a keyed hash, so that what is loaded is
 * what {@code GetFlightInfo} checked, and nothing is kept for tickets that no client uses.
 */
final class Tickets {
  private static final int ID_BYTES = 8;
  private static final int MAC_BYTES = 32;

  private final byte[] id = new byte[ID_BYTES];
  private final HashFunction mac;

  Tickets() {
    SecureRandom random = new SecureRandom();
    random.nextBytes(id);
    byte[] key = new byte[MAC_BYTES];
    random.nextBytes(key);
    mac = Hashing.hmacSha256(key);
  }

  /** Returns the ticket of a request. */
  byte[] sign(byte[] request) {
    byte[] signed = Bytes.concat(id, request);
    return Bytes.concat(mac.hashBytes(signed).asBytes(), signed);
  }

  /** Returns the request of a ticket. */
  byte[] open(byte[] ticket) {
    if (ticket.length < MAC_BYTES + ID_BYTES) {
      throw DataException.of(
          "the ticket has %d bytes, which is none of this server: ask GetFlightInfo for one",
          ticket.length);
    }
    byte[] signed = Arrays.copyOfRange(ticket, MAC_BYTES, ticket.length);
    byte[] of = Arrays.copyOf(signed, ID_BYTES);
    if (!MessageDigest.isEqual(of, id)) {
      throw DataException.of(
          "the ticket is of another server (%s, this is %s), or of one that was restarted: ask"
              + " GetFlightInfo for a new one",
          hex(of), hex(id));
    }
    HashCode right = mac.hashBytes(signed);
    if (!MessageDigest.isEqual(right.asBytes(), Arrays.copyOf(ticket, MAC_BYTES))) {
      throw new DataException(
          "the ticket was changed since this server gave it: ask GetFlightInfo for a new one");
    }
    return Arrays.copyOfRange(signed, ID_BYTES, signed.length);
  }

  private static String hex(byte[] bytes) {
    return BaseEncoding.base16().lowerCase().encode(bytes);
  }
}
