package dev.stillhouse.pipeline.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No file of a folder is left out without a word. */
class LeftOutFilesTest {
  private static final String HASH = "0123456789abcdef".repeat(4);

  @TempDir Path directory;
  private final List<String> notes = new ArrayList<>();

  private List<String> names(String argument, String... outputs) {
    notes.clear();
    CorpusSearch search =
        new CorpusSearch(
            List.of(argument), null, CorpusSearch.folders(List.of(outputs)), notes::add);
    return CorpusFiles.find(search).stream().map(CorpusFile::name).toList();
  }

  private void write(String... names) {
    for (String name : names) {
      Corpora.write(directory, name, "");
    }
  }

  @Test
  void lettersOfASuffixHaveNoCase() {
    write("a.jsonl", "b.JSONL", "d.ndjson", "e.TXT.GZ", "f.Parquet", "g.Bin", "h.NDJSON.zst");
    assertEquals(
        List.of("a.jsonl", "b.JSONL", "d.ndjson", "e.TXT.GZ", "f.Parquet", "g.Bin", "h.NDJSON.zst"),
        names(directory.toString()));
    assertEquals(List.of(), notes);
    assertEquals(List.of("e.TXT.GZ"), names(directory + "/e.TXT.GZ"));
    assertEquals(
        Compression.GZIP, CorpusFiles.find(List.of(directory + "/e.TXT.GZ")).get(0).compression());
  }

  @Test
  void whatIsNotReadIsNamed() {
    write("a.jsonl", "c.json", "e.jsonl.bz2", ".hidden.json", "sub/f.md");
    assertEquals(List.of("a.jsonl"), names(directory.toString()));
    assertEquals(1, notes.size());
    assertTrue(
        notes.get(0).contains(": 3 file(s) left out")
            && notes.get(0).contains(": c.json, e.jsonl.bz2, sub/f.md; read are .txt, "),
        notes.get(0));
    write("1.md", "2.md", "3.md", "4.md");
    names(directory.toString());
    assertTrue(notes.get(0).contains(": 1.md, 2.md, 3.md, 4.md, c.json, ...; read"), notes.get(0));
    // A glob names what it means.
    assertEquals(List.of("a.jsonl"), names(directory + "/*.jsonl"));
    assertEquals(List.of(), notes);
    assertEquals(List.of("a.jsonl"), names(directory + "/*.json*"));
    assertTrue(notes.get(0).contains("2 file(s) left out"), notes.get(0));
  }

  @Test
  void linksThatLeadNowhereFail() throws IOException {
    write("a.txt");
    Path link = Files.createSymbolicLink(directory.resolve("b.jsonl"), Path.of("gone/b.jsonl"));
    String message = Corpora.failure(DataException.class, () -> names(directory.toString()));
    assertTrue(message.contains("b.jsonl is a link to 'gone/b.jsonl', which does not"), message);
    message = Corpora.failure(DataException.class, () -> names(link.toString()));
    assertTrue(message.contains("is a link to what does not exist"), message);
    assertEquals(List.of("a.txt"), names(directory + "/*.txt"));
    Files.delete(link);
    Files.createSymbolicLink(directory.resolve("up"), directory);
    message = Corpora.failure(DataException.class, () -> names(directory.toString()));
    assertTrue(message.contains("up is a link to a folder above it"), message);
  }

  @Test
  void linksThatLeadSomewhereAreRead() throws IOException {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Corpora.write(elsewhere, "a.txt", "");
    Path corpus = Files.createDirectory(directory.resolve("corpus"));
    Files.createSymbolicLink(corpus.resolve("b.txt"), elsewhere.resolve("a.txt"));
    Files.createSymbolicLink(corpus.resolve("c"), elsewhere);
    assertEquals(List.of("b.txt", "c/a.txt"), names(corpus.toString()));
  }

  @Test
  void outputsAndDatasetsAreNoCorpus() throws IOException {
    write(
        "a.txt",
        "out/notes.txt",
        "whole/manifests/v00000000000000000001.json",
        "whole/shards/x.parquet",
        "begun/work/identity.json",
        "begun/x.parquet",
        "packing/work/x/y.json",
        "packing/tokens/" + HASH + ".parquet",
        "like/manifests/b.txt",
        "like/work/c.txt",
        "like/tokens/d.parquet");
    String out = directory.resolve("out").toString();
    List<String> rest =
        List.of("a.txt", "like/manifests/b.txt", "like/tokens/d.parquet", "like/work/c.txt");
    assertEquals(rest, names(directory.toString(), out, "s3://bucket/x", "gone", ""));
    for (String note :
        List.of(
            "out/ is left out: it is the output",
            "whole/ is left out: it is a dataset",
            "begun/ is left out: it is a dataset",
            "packing/ is left out: it is a dataset")) {
      assertTrue(notes.stream().anyMatch(told -> told.contains(note)), notes.toString());
    }
    // By another name, too.
    Files.createSymbolicLink(directory.resolve("alias"), Path.of("out"));
    assertEquals(rest, names(directory.toString(), directory.resolve("alias").toString()));
    assertFails(out, "is the output; name another folder", out);
    assertFails(directory + "/whole", "is a dataset; name another folder (of a dataset, --tokens");
  }

  @Test
  void whatIsNoPathHereIsNamed() {
    for (String url : List.of("s3://bucket/books", "gs://b/x", "https://host/a.jsonl")) {
      assertFails(url, "'" + url + "': URLs are not read yet; copy it to this machine");
    }
    assertFails("", "corpus '': the name is empty; the current folder is called '.'");
    assertFails("a\0b", "is no path here: Nul character not allowed; names beyond ASCII");
  }

  private void assertFails(String argument, String part, String... outputs) {
    String message = Corpora.failure(UsageException.class, () -> names(argument, outputs));
    assertTrue(message.contains(part), message);
  }
}
