package dev.stillhouse.storage.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.replica.Ledger;
import dev.stillhouse.storage.store.memory.MemoryStore;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicaLogTest {
  private static final String KEY = "regions/v00000000000000000001.json";
  private static final ReplicaRecord FIRST = new ReplicaRecord("far", "/data/far");

  private final MemoryStore home = new MemoryStore("home");
  private final ReplicaLog log = new ReplicaLog(home, new Ledger());

  @Test
  void keepsTheOrderInWhichRegionsCame() {
    assertEquals(List.of(), log.latest().regions());
    ReplicaRecord second = new ReplicaRecord("away", "file:///data/away");
    log.add(FIRST);
    log.add(second);
    log.add(FIRST);
    assertEquals(List.of(FIRST, second), log.latest().regions());
    assertEquals(2, home.list("regions/").size(), "a version for each change");
  }

  @Test
  void manyAddAtOnceAndNoneIsLost() {
    IntStream.range(0, 20)
        .parallel()
        .forEach(i -> log.add(new ReplicaRecord("region" + i, "/data/" + i)));
    assertEquals(20, log.latest().regions().size());
    assertEquals(20, log.latest().version());
  }

  @Test
  void namesAndPlacesAreUnique() {
    log.add(FIRST);
    for (ReplicaRecord taken :
        List.of(new ReplicaRecord("far", "/other"), new ReplicaRecord("other", "/data/far"))) {
      String message = assertThrows(DataException.class, () -> log.add(taken)).getMessage();
      assertTrue(message.contains("twice"), message);
    }
  }

  @Test
  void saysWhereHomeIsAndReadsListsThatDoNot() {
    String old =
        "{\"format\":\"stillhouse-regions-1\",\"version\":1,\"regions\":[{\"name\":\"far\","
            + "\"store\":\"/data/far\"}]}";
    assertTrue(home.putIfAbsent(KEY, old.getBytes(UTF_8)));
    assertEquals("", log.latest().home());
    log.home("iad");
    log.home("iad");
    assertEquals("iad", log.latest().home());
    log.add(new ReplicaRecord("away", "/data/away"));
    assertEquals("iad", log.latest().home(), "stays when regions come");
    log.home("nrt");
    assertEquals("nrt", log.latest().home(), "the last word counts");
    assertEquals(2, log.latest().regions().size());
    assertEquals(4, log.latest().version());
  }

  @Test
  void aListThatSaysNothingOfHomeIsWrittenAsBefore() {
    log.add(FIRST);
    byte[] json =
        home.read(KEY, List.of(new ByteRange(0, (int) home.size(KEY).orElseThrow())))
            .join()
            .get(0)
            .array();
    assertTrue(!new String(json, UTF_8).contains("home"), "older releases know no such field");
  }

  /** What may come from outside, told with the file's name. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hello | line 1
          null | not the JSON
          {"format":"stillhouse-regions-2","version":1,"regions":[]} | reads 'stillhouse-regions-1'
          {"format":"stillhouse-regions-1","version":7,"regions":[]} | says that it is version 7
          {"format":"stillhouse-regions-1","version":1} | regions
          {"format":"stillhouse-regions-1","version":1,"regions":[],"more":1} | more
          {"format":"stillhouse-regions-1","version":1,"regions":[null]} | not the JSON
          {"format":"stillhouse-regions-1","version":1,"regions":[],"home":"../a"} | home '../a'
          {"format":"stillhouse-regions-1","version":1,"regions":[],"home":null} | home
          {"format":"stillhouse-regions-1","version":1,"regions":[{"name":"home","store":"/x"}]} | 'home'
          {"format":"stillhouse-regions-1","version":1,"regions":[{"name":"../a","store":"/x"}]} | '../a'
          {"format":"stillhouse-regions-1","version":1,"regions":[{"name":"a","store":"x"}]} | absolute
          {"format":"stillhouse-regions-1","version":1,"regions":[{"name":"a","store":"gopher://x"}]} | gopher
          {"format":"stillhouse-regions-1","version":1,"regions":[{"name":"a","store":"/\\u0000"}]} | region a
          """)
  void refusesWhatIsNoListOfRegions(String json, String told) {
    assertTrue(home.putIfAbsent(KEY, json.getBytes(UTF_8)));
    String message = assertThrows(DataException.class, log::latest).getMessage();
    assertTrue(message.contains(KEY), message);
    assertTrue(message.contains(told), message);
  }
}
