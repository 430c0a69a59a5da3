package dev.modelops.local;

import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house that a compiler does not know. */
class ArchitectureTest {

  private static final JavaClasses HOUSE = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages("dev.modelops");
  private static final List<String> FUNCTIONS =
      List.of("access", "registry", "deployment", "metrics", "audit", "front");
  /** What runs around the functions, and never ships with one. */
  private static final String[] AROUND =
      {"dev.modelops.local..", "dev.modelops.embedded..", "dev.modelops.testkit..", "dev.modelops.checker.."};
  /** Calls of the SDK that write. */
  private static final Set<String> WRITES =
      Set.of("putItem", "updateItem", "deleteItem", "batchWriteItem", "transactWriteItems");
  /**
   * Who may write without an audit entry, and what: the counter of versions, content-addressed manifests, erasable names
   * and addresses, access entries, a token's day of last use, metric blocks and roll-ups. Everything else is a change.
   */
  private static final Set<String> WRITERS = Set.of("DynamoChanges", "DynamoHeads", "DynamoManifests", "DynamoSubjects",
      "DynamoAuditLog", "DynamoTokenUse", "DynamoMetricBlocks", "Cells", "Writes");
  /** What those write single items by. */
  private static final String ONE_ITEM = "dev.modelops.store.dynamodb.Writes";

  private static final Pattern OWN_STORE =
      Pattern.compile("TestAws\\.fresh\\(\\)|new ((Authorizer|Tokens)?Stage|Registry)\\(|Registry\\.SHARED");
  /** Tests that leave stores which contradict themselves, and why; every other one ends with the deep checker. */
  private static final Map<String, String> UNSOUND = Map.ofEntries(
      Map.entry("metrics/MetricStoreTest", "puts blocks and cells of models that are not there"),
      Map.entry("metrics/CostTest", "puts blocks and cells of models that are not there"),
      Map.entry("metrics/RollupOnDynamoTest", "puts blocks and cells of models that are not there"),
      Map.entry("local/LogFiltersTest", "delivers a block of a model that is not there"),
      Map.entry("stream/StreamDriverTest", "puts items of its own making, to see them delivered"),
      // The checker is made of the stores, and so comes after them; what they write is checked through the functions.
      Map.entry("dynamodb/StoreStage", "puts entities without what they belong to"),
      Map.entry("dynamodb/RehearsalTest", "writes nothing that stays"),
      Map.entry("s3/S3ArtifactsTest", "has files alone"),
      Map.entry("embedded/TestAwsTest", "puts items of its own making"),
      Map.entry("testkit/BudgetTest", "puts items of its own making"),
      Map.entry("checker/Stage", "is spoilt, to see it found"));

  @Test
  void theDomainKnowsTheJdkAlone() {
    classes().that().resideInAPackage("dev.modelops.domain..").should().onlyDependOnClassesThat()
        .resideInAnyPackage("dev.modelops.domain..", "java..", "org.jspecify..").check(HOUSE);
  }

  @Test
  void noFunctionKnowsAnother() {
    for (String function : FUNCTIONS) {
      String[] others = FUNCTIONS.stream().filter(other -> !other.equals(function))
          .map(other -> "dev.modelops." + other + "..").toArray(String[]::new);
      noClasses().that().resideInAPackage("dev.modelops." + function + "..").should().dependOnClassesThat()
          .resideInAnyPackage(others).check(HOUSE);
    }
  }

  @Test
  void nothingThatShipsKnowsWhatRunsAroundIt() {
    noClasses().that().resideOutsideOfPackages(AROUND).should().dependOnClassesThat().resideInAnyPackage(AROUND)
        .check(HOUSE);
  }

  /** A snapshot of a function may hold the state of such a generator, and each of its copies then draws the same. */
  @Test
  void nobodyDrawsFromAGeneratorThatASnapshotWouldClone() {
    noClasses().that().resideOutsideOfPackages(AROUND).should().callMethod(ThreadLocalRandom.class, "current")
        .orShould().callMethod(Math.class, "random").check(HOUSE);
    noFields().that().areDeclaredInClassesThat().resideOutsideOfPackages(AROUND).should()
        .haveRawType(nameMatching("java\\.(util|security)\\.(random\\.)?\\w*Random\\w*")).check(HOUSE);
  }

  @Test
  void governedEntitiesAreWrittenInOnePlace() {
    Set<String> writers = new TreeSet<>();
    for (JavaClass type : HOUSE) {
      if (type.getPackageName().startsWith("dev.modelops.local")
          || type.getPackageName().startsWith("dev.modelops.embedded")) {
        continue;
      }
      for (JavaMethodCall call : type.getMethodCallsFromSelf()) {
        boolean sdk = WRITES.contains(call.getTarget().getName())
            && call.getTargetOwner().getPackageName().startsWith("software.amazon.awssdk");
        if (sdk || call.getTargetOwner().getName().equals(ONE_ITEM)) {
          writers.add(type.getName().replaceAll("^.*\\.", "").replaceAll("\\$.*", ""));
        }
      }
    }
    assertThat(writers).isEqualTo(WRITERS);
  }

  @Test
  void noClassIsCalledByANameThatSaysNothing() {
    noClasses().should().haveSimpleNameEndingWith("Manager").orShould().haveSimpleNameEndingWith("Helper")
        .orShould().haveSimpleNameEndingWith("Utils").orShould().haveSimpleNameEndingWith("Util")
        .orShould().haveSimpleNameEndingWith("Impl").check(new ClassFileImporter()
            .withImportOption(location -> !location.contains("Dagger") && !location.contains("/test-classes/"))
            .importPackages("dev.modelops.domain", "dev.modelops.json", "dev.modelops.edge", "dev.modelops.store"));
  }

  @Test
  void functionsNeverReadTheProcessEnvironmentButInTheirFirstConstructor() {
    Set<String> readers = new TreeSet<>();
    for (JavaClass type : HOUSE) {
      type.getMethodCallsFromSelf().stream()
          .filter(call -> call.getTarget().getName().equals("getenv")
              && call.getTargetOwner().getName().equals("java.lang.System")
              && !call.getOriginOwner().getPackageName().startsWith("dev.modelops.local")
              && !call.getOriginOwner().getPackageName().startsWith("dev.modelops.embedded")
              && !call.getOrigin().getName().equals("<init>"))
          .forEach(call -> readers.add(call.getOrigin().getFullName()));
    }
    assertThat(readers).isEmpty();
  }

  @Test
  void everyTestOnAStoreOfItsOwnEndsWithTheDeepChecker() throws IOException {
    Path root = Path.of(System.getProperty("modelops.root", "../.."));
    Set<String> unchecked = new TreeSet<>();
    for (String part : List.of("functions", "infra")) {
      try (Stream<Path> files = Files.walk(root.resolve(part))) {
        for (Path file : files
            .filter(each -> each.toString().matches(".*/src/test/java/.*\\.java")
                && !each.endsWith("ArchitectureTest.java"))
            .toList()) {
          String text = Files.readString(file);
          if (OWN_STORE.matcher(text).find() && !text.contains("Checker.") && !text.contains("@RegisterExtension")) {
            unchecked.add(file.subpath(file.getNameCount() - 2, file.getNameCount()).toString().replace(".java", ""));
          }
        }
      }
    }
    assertThat(unchecked).isEqualTo(UNSOUND.keySet());
  }

  @Test
  void everyPackageSaysWhatItIsAndIsCheckedForNulls() throws IOException {
    Path root = Path.of(System.getProperty("modelops.root", "../.."));
    Set<String> missing = new TreeSet<>();
    for (String part : List.of("functions", "infra")) {
      try (Stream<Path> files = Files.walk(root.resolve(part))) {
        files.filter(file -> file.toString().contains("/src/main/java/") && file.toString().endsWith(".java"))
            .map(Path::getParent).distinct()
            .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
            .forEach(folder -> missing.add(root.relativize(folder).toString()));
      }
    }
    assertThat(missing).isEmpty();
  }
}
