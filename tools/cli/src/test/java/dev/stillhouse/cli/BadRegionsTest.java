package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person does wrong with regions, or finds broken, and what is said then. */
class BadRegionsTest {
  @TempDir Path directory;
  private Path out = Path.of("unset");

  @BeforeEach
  void nameOut() {
    out = directory.resolve("out");
  }

  private Command extract(Path corpus) {
    return Command.line(
        "extract --corpus %s --out %s --statistic top-k:4 --sequence-length 64", corpus, out);
  }

  @Test
  void placesWhereNoReplicaMayLie() throws IOException {
    made();
    Command.run("replicate", out, "--to", out).fails(2, out, "is the dataset itself");
    Path link = Files.createSymbolicLink(directory.resolve("link"), out);
    Command.run("replicate", out, "--to", link).fails(2, "is the dataset itself");
    Command.run("replicate", link, "--to", out).fails(2, "is the dataset itself");
    Command.run("replicate", out, "--to", link.resolve("inside")).fails(2, "inside the other");
    Command.run("replicate", out, "--to", directory, "--region", "a").fails(2, "inside the other");
    Command.run("replicate", out, "--to", directory.resolve("a b")).fails(2, "a b", "--region");
    Command.run("replicate", out, "--to", directory.resolve("home")).fails(2, "'home'");
    Command.run("replicate", out, "--to", directory.resolve("c"), "extra").fails(2, "extra");
    Command.run("replicate", out, "--to", "gopher://host/x").fails(2, "gopher", "s3://bucket");
    Command.run("replicate", out, "--to", "s3://Bucket/x").fails(2, "s3://bucket/prefix");
    Command.run("replicate", out).fails(2, "--to");
    Command.run("replicate", directory.resolve("no"), "--to", out).fails(1, "no dataset here");
    Path first = out;
    Path copy = directory.resolve("copy");
    Command.run("replicate", out, "--to", copy).succeeds();
    Command.run("replicate", out, "--to", copy, "--region", "b").fails(2, "is region copy already");
    Command.run("replicate", out, "--to", directory.resolve("d"), "--region", "copy")
        .fails(2, "there is a region copy already");
    Command.run("replicate", out, "--to", copy.resolve("e")).fails(2, "region copy");
    out = directory.resolve("other");
    extract(TestTexts.text(directory.resolve("book2.txt"), 1500)).succeeds();
    Command.run("replicate", first, "--to", out).fails(1, out, "holds another dataset");
    Files.delete(out.resolve("manifests/v00000000000000000001.json"));
    Command.run("replicate", first, "--to", out).fails(1, "begun to hold a dataset of its own");
    assertFalse(Files.exists(directory.resolve("d")), "nothing was begun");
  }

  @Test
  void listsOfRegionsThatCannotBe() throws IOException {
    made();
    String key = "regions/v00000000000000000001.json";
    Path list = out.resolve(key);
    Files.createDirectories(list.getParent());
    Files.writeString(list, "{oops");
    Command.run("load", out).fails(1, key, "line 1", "JSON");
    String some = "{\"format\":\"stillhouse-regions-1\",\"version\":1,\"regions\":[%s]}";
    String one = "{\"name\":\"%s\",\"store\":\"%s\"}";
    Files.writeString(list, some.formatted(one.formatted("../x", "/x")));
    Command.run("load", out).fails(1, key, "'../x'");
    Files.writeString(list, some.formatted(one.formatted("x", "gopher://host/x")));
    Command.run("load", out).fails(1, key, "region x", "gopher");
    Files.writeString(list, some.formatted(one.formatted("x", "s3://bucket/..")));
    Command.run("load", out).fails(1, key, "region x", "s3://bucket/...");
    Files.writeString(list, some.formatted(one.formatted("x", directory.resolve("gone"))));
    assertTrue(Command.run("load", out).succeeds().err().contains("gone is not there"));
  }

  private void made() throws IOException {
    extract(TestTexts.text(directory.resolve("book.txt"), 6000)).succeeds();
  }
}
