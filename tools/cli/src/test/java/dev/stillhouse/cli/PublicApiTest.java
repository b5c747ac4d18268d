package dev.stillhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.stillhouse.storage.PublicApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the public API to what its page says, and to types that a program may know. */
class PublicApiTest {
  private static final Pattern LISTED = Pattern.compile("(?m)^\\| `([A-Za-z]+)` \\|");

  /** Libraries whose types are part of the API. */
  private static final Set<String> LIBRARIES =
      Set.of(
          "com.google.common.collect.ImmutableList",
          "com.google.common.collect.ImmutableMap",
          "com.google.common.collect.ImmutableSet",
          "com.google.common.collect.ImmutableTable",
          "com.google.common.io.ByteSource",
          "com.google.common.primitives.ImmutableIntArray",
          "org.apache.arrow.memory.BufferAllocator",
          "org.apache.arrow.vector.FieldVector",
          "org.apache.arrow.vector.VectorSchemaRoot",
          "org.apache.arrow.vector.types.pojo.Schema");

  /** Methods that show types which may change at any time, each with the reason why it may. */
  private static final Map<String, String> SHOW_MORE =
      Map.of(
          "Dataset.manifest Manifest",
              "commands print all of it; students have statistic() and more",
          "Dataset.log ManifestLog", "jobs append versions; ReadOptions chooses one for students",
          "Dataset.reader ReplicaReader", "jobs read blobs that are no shards",
          "Dataset.regionList ReplicaList", "commands show and change where replicas are",
          "Dataset.rows ShardRecord", "the loader, which has grouped rows by shard before",
          "Dataset.rows ShardRows", "the loader, which fetches them ahead",
          "Dataset.ledger Ledger",
              "commands print what reading cost; its sums may get more columns",
          "StudentLoaderBuilder.emulated Timers", "benchmarks, which run loaders in virtual time",
          "ReadOptions.bookedIn Ledger", "jobs book several datasets in one ledger");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.stillhouse.storage", "dev.stillhouse.pipeline");

  @Test
  void thePageListsExactlyTheMarkedTypes() throws IOException {
    String page = Files.readString(Path.of("../../docs/reference/api.md"));
    assertEquals(
        marked().map(JavaClass::getSimpleName).collect(Collectors.toSet()),
        LISTED.matcher(page).results().map(row -> row.group(1)).collect(Collectors.toSet()));
  }

  /** What a program calls shows it nothing that may change at any time, but for this list. */
  @Test
  void publicMethodsShowOnlyPublicTypes() {
    Set<String> found = new TreeSet<>();
    marked()
        .flatMap(type -> type.getCodeUnits().stream())
        .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
        .filter(method -> !method.getModifiers().contains(JavaModifier.SYNTHETIC))
        .forEach(method -> shown(method).forEach(type -> found.add(name(method) + " " + type)));
    assertEquals(new TreeSet<>(SHOW_MORE.keySet()), found);
  }

  private static Stream<JavaClass> marked() {
    return CLASSES.stream().filter(type -> type.isAnnotatedWith(PublicApi.class));
  }

  private static String name(JavaCodeUnit method) {
    return method.getOwner().getSimpleName() + "." + method.getName();
  }

  /** Types that a method shows and a program may not know. */
  private static Stream<String> shown(JavaCodeUnit method) {
    Stream<JavaType> types =
        Stream.concat(Stream.of(method.getReturnType()), method.getParameterTypes().stream());
    return types
        .flatMap(type -> type.getAllInvolvedRawTypes().stream())
        .map(JavaClass::getBaseComponentType)
        .filter(type -> !known(type))
        .map(JavaClass::getSimpleName);
  }

  private static boolean known(JavaClass type) {
    return type.isPrimitive()
        || type.getName().startsWith("java.")
        || LIBRARIES.contains(type.getName())
        || type.isAnnotatedWith(PublicApi.class)
        || type.getEnclosingClass().map(PublicApiTest::known).orElse(false);
  }
}
