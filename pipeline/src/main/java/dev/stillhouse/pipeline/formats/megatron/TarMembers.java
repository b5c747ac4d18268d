package dev.stillhouse.pipeline.formats.megatron;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stillhouse.pipeline.HeapLimit;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.storage.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.LinkedHashMap;
import java.util.Map;

/** The members of a tar file, by name. Checksums of headers are verified. */
final class TarMembers {
  private static final int BLOCK = 512;

  /** Where a member's bytes are. */
  record Member(long offset, long bytes) {}

  private final ImportFile file;
  private final Map<String, Member> members = new LinkedHashMap<>();

  TarMembers(ImportFile file) {
    this.file = file;
    try (FileChannel channel = FileChannel.open(file.path())) {
      long at = 0;
      while (at + BLOCK <= channel.size()) {
        byte[] header = read(channel, at, BLOCK);
        if (isZero(header)) {
          return; // The end of the archive.
        }
        check(header, at);
        long size = octal(header, 124, 12, at);
        if (size > channel.size() - at - BLOCK) {
          throw wrong(at, "a member of " + size + " bytes ends behind the file");
        }
        if (header[156] == '0' || header[156] == 0) {
          members.put(text(header, 0, 100), new Member(at + BLOCK, size));
        }
        at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
      }
      throw wrong(at, "it has no end; it is cut");
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  private static byte[] read(FileChannel channel, long at, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        break;
      }
    }
    return buffer.array();
  }

  private static boolean isZero(byte[] header) {
    for (byte value : header) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private void check(byte[] header, long at) {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xFF;
    }
    if (octal(header, 148, 8, at) != sum) {
      throw wrong(at, "the checksum of a tar header is wrong");
    }
  }

  private long octal(byte[] header, int from, int length, long at) {
    String text = text(header, from, length).strip();
    if (!text.matches("[0-7]{1,11}")) {
      throw wrong(at, "a tar header has a number that is none");
    }
    return Long.parseLong(text, 8);
  }

  private static String text(byte[] header, int from, int length) {
    int end = from;
    while (end < from + length && header[end] != 0) {
      end++;
    }
    return new String(header, from, end - from, UTF_8);
  }

  private DataException wrong(long at, String why) {
    return DataException.of("%s, offset %d: %s; get the file anew", file.path(), at, why);
  }

  /** Returns all members. */
  Map<String, Member> all() {
    return members;
  }

  /** Reads a member. */
  byte[] bytes(String name) {
    Member member = members.get(name);
    if (member == null) {
      throw DataException.of("%s has no member %s", file.path(), name);
    }
    HeapLimit.check(file.path() + ", member " + name, member.bytes(), 8);
    try (FileChannel channel = FileChannel.open(file.path())) {
      file.progress().accept(member.bytes());
      return read(channel, member.offset(), (int) member.bytes());
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }
}
