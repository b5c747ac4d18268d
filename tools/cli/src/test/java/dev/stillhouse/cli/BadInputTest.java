package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person does wrong, or finds broken, and what is said then. */
class BadInputTest {
  @TempDir Path directory;
  private Path out = Path.of("unset");

  @BeforeEach
  void nameOut() {
    out = directory.resolve("out");
  }

  /** Extracts with small settings, of which {@code more} may change some. */
  private Command extract(Object corpus, Object... more) {
    Map<Object, Object> options = new LinkedHashMap<>();
    options.put("--corpus", corpus);
    options.put("--out", out);
    options.put("--statistic", "top-k:4");
    options.put("--sequence-length", 64);
    options.put("--shard-sequences", 4);
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    List<Object> arguments = new ArrayList<>(List.of("extract"));
    options.forEach((name, value) -> arguments.addAll(List.of(name, value)));
    return Command.run(arguments.toArray());
  }

  private Path file(String name, String text) throws IOException {
    return TestTexts.write(directory.resolve(name), text);
  }

  @Test
  void corpusThatIsMissingOrEmpty() throws IOException {
    extract(directory.resolve("no.txt")).fails(1, "no.txt", "does not exist");
    extract(file("empty.txt", "")).fails(1, "empty", "0 bytes");
    InputStream before = System.in;
    System.setIn(InputStream.nullInputStream());
    try {
      extract("-").fails(1, "empty", "0 bytes: standard input");
    } finally {
      System.setIn(before);
    }
    Path folder = Files.createDirectory(directory.resolve("folder"));
    extract(folder).fails(1, "folder", ".txt, .jsonl, .ndjson, .bin, .parquet");
    file("folder/notes.pdf", "x");
    extract(folder).fails(1, "folder", "holds no file that can be read");
    extract(directory.resolve("folder/*.txt")).fails(1, "*.txt");
    extract(file("notes.pdf", "x")).fails(2, "notes.pdf", ".jsonl");
    assertFalse(Files.exists(out), "nothing was begun");
  }

  @Test
  void aDryRunRefusesWhatTheExtractionWould() throws IOException {
    Path text = file("a.txt", "some words and some more");
    Command.run("extract", "--dry-run", "--corpus", text, "--layout", "stones").fails(2, "stones");
    Command.run("extract", "--corpus", text, "--dry-run", "--no=1").fails(2, "--no=1");
  }

  @Test
  void bytesThatAreNoUtf8() throws IOException {
    Path text = directory.resolve("latin.txt");
    Files.write(text, new byte[] {'c', 'a', 'f', (byte) 0xe9, ' ', 'x'});
    extract(text).fails(1, "latin.txt", "byte offset 3", "0xE9", "convert it");
  }

  @Test
  void jsonLinesThatAreNone() throws IOException {
    extract(file("a.jsonl", "{\"text\":\"a\"}\n{oops\n")).fails(1, "a.jsonl: line 2", "not JSON");
    extract(file("b.jsonl", "{\"text\":\"a\"}\n{\"body\":\"b\",\"id\":1}\n"))
        .fails(1, "b.jsonl: line 2", "no field 'text'", "[body, id]", "--text-field");
    extract(file("c.jsonl", "[1]\n")).fails(1, "c.jsonl: line 1", "object");
    extract(file("d.jsonl", "{\"text\":7}\n")).fails(1, "d.jsonl: line 1", "need a string");
  }

  @Test
  void compressedFilesThatAreBroken() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write("{\"text\":\"Call me Ishmael.\"}\n".getBytes(StandardCharsets.UTF_8));
    }
    byte[] right = packed.toByteArray();
    Path file = directory.resolve("a.jsonl.gz");
    Files.write(file, Arrays.copyOf(right, right.length - 9));
    extract(file).fails(1, "a.jsonl.gz: the gzip stream is truncated", "get the whole file");
    extract(file, "--on-bad-document", "skip").fails(1, "truncated");
    byte[] rubbish = Arrays.copyOf(right, right.length + 1);
    rubbish[right.length] = 1;
    Files.write(file, rubbish);
    extract(file).fails(1, "a.jsonl.gz: the gzip stream is corrupt", "no gzip");
    extract(file("b.txt.zst", "plain")).fails(1, "b.txt.zst: the zstd stream is");
    extract(file("c.bin.gz", "x")).fails(2, "c.bin.gz", ".jsonl.zst");
  }

  @Test
  void parquetFilesThatAreNone() throws IOException {
    Path file = TestTexts.parquet(directory.resolve("a.parquet"), List.of("Call me Ishmael."));
    extract(file, "--text-field", "body").fails(1, "no column 'body'; present: [text]");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100));
    extract(file).fails(1, "a.parquet", "PAR1 is missing", "get the whole file");
  }

  @Test
  void skippedDocumentsAreToldAndNotForgotten() throws IOException {
    Path bad = file("bad.jsonl", "{\"text\":\"Call me Ishmael.\"}\n{oops\n");
    extract(bad).fails(1, "bad.jsonl: line 2 is not JSON");
    Command skipped = extract(bad, "--on-bad-document", "skip").succeeds();
    assertTrue(
        skipped.out().contains("skipped      1 document, the first: bad.jsonl, document 1: line 2"),
        skipped.out());
    assertTrue(skipped.err().contains("warning: 1 document"), skipped.err());
    assertTrue(Command.run("inspect", out).succeeds().out().contains("skipped      1 document"));
    extract(bad)
        .fails(1, "an earlier run skipped 1 document, the first: bad.jsonl", "--on-bad-document");
    Path copy = directory.resolve("copy");
    Command.run("extract", "--tokens", out, "--out", copy, "--statistic", "top-k:2").succeeds();
    assertTrue(Command.run("inspect", copy).out().contains("skipped      1 document"));
  }

  /** Extracts from standard input. */
  private Command piped(String text, Object... more) {
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
      return extract("-", more);
    } finally {
      System.setIn(before);
    }
  }

  private static List<Path> copies() throws IOException {
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.filter(f -> f.toString().contains("stillhouse-stdin")).sorted().toList();
    }
  }

  @Test
  @Timeout(300)
  void standardInput() throws Exception {
    List<Path> before = copies();
    String lines = "\n {\"text\":\"Call me Ishmael.\"}\n";
    piped(lines).fails(2, "standard input begins with '{'", "--stdin-as jsonl");
    piped(lines, "--stdin-as", "xml").fails(2, "--stdin-as 'xml': need one of txt, jsonl");
    piped("").fails(1, "the corpus is empty");
    piped("{oops\n", "--stdin-as", "jsonl").fails(1, "standard input: line 1 is not JSON");
    extract(file("a.txt", "x"), "--stdin-as", "txt").fails(2, "'-' is not among the corpus");
    piped(lines.strip(), "--stdin-as", "jsonl").succeeds();
    String digest = digest();
    piped(lines.strip(), "--stdin-as", "jsonl").succeeds();
    assertEquals(digest, digest(), "the same input is the same corpus");
    piped("other").fails(1, "another identity");
    assertTrue(
        Command.run("inspect", out, "--sequence", 0, "--position", 0).out().contains("stdin"));
    out = directory.resolve("text");
    piped("Call me Ishmael.").succeeds();
    List<Path> left = new ArrayList<>(copies());
    left.removeAll(before);
    while (left.stream().anyMatch(Files::exists)) { // Those of tests beside this one go soon.
      Thread.sleep(20);
    }
  }

  private String digest() {
    return Command.run("inspect", out)
        .succeeds()
        .out()
        .lines()
        .filter(line -> line.startsWith("digest"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void tokenFilesThatDoNotFit() throws IOException {
    Path odd = Files.write(directory.resolve("odd.bin"), new byte[] {1, 0, 2});
    extract(odd).fails(1, "odd.bin", "3 bytes", "uint16");
    Path large = Files.write(directory.resolve("large.bin"), new byte[] {1, 0, -1, -1});
    extract(large).fails(1, "large.bin", "byte offset 2", "65535", "50257");
  }

  @Test
  void settingsOutOfRange() throws IOException {
    Path text = file("a.txt", "Call me Ishmael.");
    extract(text, "--statistic", "top-k:50258").fails(2, "50258", "50257");
    extract(text, "--statistic", "top-k:0").fails(2, "character 7", "0 is out of range: need 1");
    extract(text, "--statistic", "top-n:3").fails(2, "top-n:3", "top-k:K");
    extract(text, "--sequence-length", 0).fails(2, "sequence length 0");
    extract(text, "--shard-sequences", 0).fails(2, "0 sequences a shard");
    extract(text, "--layout", "colums")
        .fails(2, "No layout named 'colums'", "[adaptive, columns, planes, rows]");
    extract(text, "--tokenizer", "gpt3").fails(2, "no tokenizer named 'gpt3'", "cl100k");
    extract(text, "--teacher", "oracle").fails(2, "No teacher named 'oracle'", "ngram");
    extract(text, "--separator", "50257").fails(2, "--separator '50257'");
    extract(text, "--layuot", "rows").fails(2, "layuot");
    Command.run("extract", "--out", out, "--corpus", text, "--layuot=rows").fails(2, "layuot=rows");
    extract(text, "--documents", "line").fails(2, "file, paragraph");
    extract(text, "--max-documents", 0).fails(2, "at most 0 documents: need >= 1");
    extract(text, "--sample", 0).fails(2, "sample 0.0: need a share above 0");
    extract(text, "--sample", 1.5).fails(2, "sample 1.5", "at most 1");
    extract(text, "--on-bad-document", "ignore").fails(2, "'ignore': need one of fail, skip");
    Command.run("extract", "--out", out).fails(2, "--corpus", "--tokens");
    Command.run("extract", "--corpus", text).fails(2, "--out");
    Command.run("inspect", out).fails(1, out, "no dataset here");
    Command.run("inspect", "gopher://host/x").fails(2, "gopher", "file:///", "s3://");
    assertFalse(Files.exists(out.resolve("manifests")), "nothing was committed");
  }

  @Test
  void outputThatCannotBeWritten() throws IOException {
    Path text = file("a.txt", "Call me Ishmael.");
    out = file("plain-file", "in the way").resolve("below");
    extract(text).fails(1, "cannot", "plain-file", "Not a directory");
  }

  @Test
  void outputOfAnotherIdentity() throws IOException {
    Path text = TestTexts.text(directory.resolve("book.txt"), 2000);
    extract(text).succeeds();
    extract(text, "--statistic", "top-k:5")
        .fails(1, out, "another identity", "statistic: top-k:4 here, top-k:5 asked for");
    extract(file("b.txt", "other")).fails(1, "another identity", "corpus: ");
    extract(text, "--layout", "rows").fails(1, "layout: columns here, rows asked for");
    assertTrue(Command.run("verify", out).succeeds().out().contains("ok"), "it is as it was");
  }

  @Test
  void badInputKeepsWhatIsDone() throws IOException {
    Path good = TestTexts.text(directory.resolve("a.txt"), 3000);
    Path bad = file("b.jsonl", "{oops\n");
    Path folder = Files.createDirectory(directory.resolve("corpus"));
    Files.move(good, folder.resolve("a.txt"));
    Files.move(bad, folder.resolve("b.jsonl"));
    extract(folder).fails(1, "b.jsonl: line 1");
    TestTexts.write(folder.resolve("b.jsonl"), "{\"text\":\"mended\"}\n");
    extract(folder).succeeds();
  }

  @Test
  void manifestThatIsNoJson() throws IOException {
    made();
    Path manifest = out.resolve("manifests/v00000000000000000001.json");
    String right = Files.readString(manifest);
    Files.writeString(manifest, right.substring(0, right.length() / 2));
    Command.run("inspect", out).fails(1, "manifests/v00000000000000000001.json", "line", "JSON");
    Files.writeString(manifest, right.replace("\"version\" : 1", "\"version\" : 2"));
    Command.run("inspect", out).fails(1, "v00000000000000000001.json", "damaged", "checksum");
    String old = right.replaceFirst(",\\s*\"checksum\" : \"[0-9a-f]*\"", "");
    Files.writeString(manifest, old);
    Command.run("inspect", out).succeeds();
    Files.writeString(manifest, old.replace("\"version\" : 1", "\"version\" : 2"));
    Command.run("inspect", out).fails(1, "v00000000000000000001.json", "version 2");
    Files.writeString(manifest, old.replaceFirst("\"digest\" : \"....", "\"digest\" : \"0000"));
    Command.run("inspect", out).fails(1, "digest 0000", "does not follow");
  }

  @Test
  void shardsThatAreDamaged() throws IOException {
    made();
    Path shard = TestDatasets.anyFile(out.resolve("shards"));
    byte[] right = Files.readAllBytes(shard);
    Files.write(shard, Arrays.copyOf(right, right.length - 100));
    assertTrue(
        Command.run("verify", out).fails(1).out().contains("has " + (right.length - 100)),
        "cut short");
    Files.write(shard, new byte[right.length]);
    Command.run("load", out).fails(1, shard.getFileName(), "CRC32C of the footer");
    Files.delete(shard);
    Command.run("load", out).fails(1, "missing", shard.getFileName(), "home");
    assertEquals(1, Command.run("verify", out).code());
  }

  @Test
  void shardOfAnotherDatasetUnderThisName() throws IOException {
    made();
    Path mine = TestDatasets.anyFile(out.resolve("shards"));
    Path first = out;
    out = directory.resolve("other");
    extract(TestTexts.text(directory.resolve("book2.txt"), 1500), "--layout", "rows").succeeds();
    Files.delete(mine);
    Files.copy(TestDatasets.anyFile(out.resolve("shards")), mine);
    assertTrue(Command.run("verify", first).fails(1).out().contains(mine.getFileName().toString()));
    Command.run("load", first).fails(1, mine.getFileName());
  }

  @Test
  void receiptsThatLie() throws IOException {
    made();
    Path digest = out.resolve("manifests/v00000000000000000001.json");
    String right = Files.readString(digest);
    Files.delete(digest);
    List<Path> receipts;
    try (var found = Files.walk(out.resolve("work"))) {
      receipts = found.filter(f -> f.toString().matches(".*/[0-9]{12}-.*json")).sorted().toList();
    }
    Files.writeString(receipts.get(0), "no json");
    Files.writeString(
        receipts.get(1),
        Files.readString(receipts.get(1)).replaceAll("\"sha256\" : \"....", "\"sha256\" : \"0000"));
    Files.copy(receipts.get(2), receipts.get(3), StandardCopyOption.REPLACE_EXISTING);
    extract(directory.resolve("book.txt")).succeeds();
    assertEquals(right, Files.readString(digest), "all was found out and done again");
  }

  @Test
  void cursorsThatDoNotFit() throws IOException {
    made();
    Path cursor = directory.resolve("cursor.json");
    Command.run("load", out, "--cursor", cursor, "--stop-after", 3).succeeds();
    String right = Files.readString(cursor);
    Files.writeString(cursor, right.replace("\"samples\":3", "\"samples\":4"));
    Command.run("load", out, "--cursor", cursor)
        .fails(1, "cursor.json", "samples is '4'", "edited");
    Files.writeString(cursor, right.replace("\"v\":2", "\"v\":1"));
    Command.run("load", out, "--cursor", cursor).fails(1, "cursor.json", "v is 1");
    Files.writeString(cursor, right.substring(0, 30));
    Command.run("load", out, "--cursor", cursor).fails(1, "cursor.json", "JSON");
    Files.writeString(cursor, right);
    out = directory.resolve("other");
    extract(TestTexts.text(directory.resolve("book2.txt"), 1500)).succeeds();
    Command.run("load", out, "--cursor", cursor).fails(1, "fingerprint");
    Path nowhere = directory.resolve("no/cursor.json");
    Command.run("load", out, "--cursor", nowhere).fails(1, "--cursor", "no/cursor.json");
    Command.run("load", out, "--batch", 0).fails(2, "batch 0");
  }

  @Test
  void aShardThatFailsInMidEpochDoesNotLoseThePlace() throws IOException {
    made();
    Path cursor = directory.resolve("cursor.json");
    Path shard = TestDatasets.anyFile(out.resolve("shards"));
    byte[] right = Files.readAllBytes(shard);
    Files.write(shard, new byte[right.length]);
    Command.run("load", out).fails(1, shard.getFileName(), "nothing is lost", "{\"v\":2");
    Command.run("load", out, "--cursor", cursor, "--batch", 1).fails(1, shard.getFileName());
    assertTrue(Files.exists(cursor), "the place is kept");
    Files.write(shard, right);
    String resumed = Command.run("load", out, "--cursor", cursor).succeeds().out();
    String whole = Command.run("load", out, "--batch", 1).succeeds().out();
    assertEquals(
        whole.lines().filter(line -> line.contains("digest")).toList(),
        resumed.lines().filter(line -> line.contains("digest")).toList());
  }

  @Test
  void positionsThatAreNotThere() throws IOException {
    made();
    Command.run("inspect", out, "--sequence", 99999, "--position", 0).fails(1, "99999");
    Command.run("inspect", out, "--sequence", 0, "--position", 64).fails(2, "0 to 63");
    Command.run("inspect", out, "--sequence", 0).fails(2, "--position");
  }

  private void made() throws IOException {
    extract(TestTexts.text(directory.resolve("book.txt"), 6000)).succeeds();
  }
}
