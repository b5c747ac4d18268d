package dev.stillhouse.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --teacher logits:FILE.npy}, as a person meets its errors. */
class LogitsFilesTest {
  @TempDir Path directory;

  /** Zeros. */
  private void npy(String name, String shape, int bytes) throws IOException {
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
    header = header.replace("<f4", name.contains("ids") ? "<i4" : "<f4");
    byte[] text = (header + " ".repeat(117 - header.length()) + "\n").getBytes(ISO_8859_1);
    byte[] file = new byte[128 + bytes];
    ByteBuffer.wrap(file)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) 118)
        .put(text);
    Files.write(directory.resolve(name), file);
  }

  private Command extract(String teacher) throws IOException {
    return extract(teacher, "warn");
  }

  private Command extract(String teacher, String check) throws IOException {
    Path text = TestTexts.write(directory.resolve("a.txt"), "the other\n".repeat(20));
    Path out = directory.resolve("out");
    return Command.line(
        "extract --corpus %s --out %s --teacher %s --teacher-check %s "
            + "--statistic top-k:2 --sequence-length 8",
        text, out, teacher, check);
  }

  @Test
  void errorsSayWhatToDo() throws IOException {
    Path file = directory.resolve("a.npy");
    npy("a.npy", "(80, 5)", 80 * 5 * 4);
    npy("a.ids.npy", "(80,)", 80 * 4);
    extract("logits:" + file).fails(1, "predicts 5 ids, but the tokenizer's vocabulary has 50257");
    extract("logits:" + directory.resolve("no.npy")).fails(1, "no.npy", "no such file");
    extract("logits").fails(2, "need logits:FILE.npy");
    assertFalse(Files.exists(directory.resolve("out")), "found before anything was packed");
  }

  @Test
  void theFirstOtherTokenIsNamed() throws IOException {
    Path file = directory.resolve("a.npy");
    npy("a.npy", "(2, 8, 50257)", 2 * 8 * 50257 * 4);
    npy("a.ids.npy", "(2, 8)", 2 * 8 * 4);
    extract("logits:" + file).fails(1, "sequence 0, position 0", "a.ids.npy has 0");
    assertFalse(Files.exists(directory.resolve("out/work/identity.json")), "it is still free");
    extract("logits:" + file, "off").fails(1, "sequence 0, position 0", "a.ids.npy has 0");
    extract("ngram").fails(1, "has begun to hold", "choose another --out");
  }
}
