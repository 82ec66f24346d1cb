package io.tideline.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The arrows between the rooms of the house, and a few habits. */
@TestInstance(Lifecycle.PER_CLASS)
class ArchitectureTest {
  private static final String[] API = {
    "io.tideline.archive..",
    "io.tideline.catalogue..",
    "io.tideline.dialect..",
    "io.tideline.error..",
    "io.tideline.health..",
    "io.tideline.plan..",
    "io.tideline.policy..",
    "io.tideline.row..",
    "io.tideline.run..",
    "io.tideline.schedule..",
    "io.tideline.tuning.."
  };
  private static final List<String> LEAVES =
      List.of("sqlite", "postgresql", "parquet", "text", "query", "config");
  private static final Path ROOT = root();

  /** Not static: 45 MB that every later test would keep. */
  private final JavaClasses all = new ClassFileImporter().importPaths(modules());

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /** The classes of every module that was built; the testkit itself may do as it likes. */
  private static List<Path> modules() {
    List<Path> modules = new ArrayList<>();
    for (String module :
        List.of(
            "api",
            "core",
            "dialects/sqlite",
            "dialects/postgresql",
            "archives/parquet",
            "archives/text",
            "query",
            "maintenance",
            "store",
            "store-migrate",
            "config",
            "cli")) {
      Path classes = ROOT.resolve(module).resolve("target/classes");
      if (Files.isDirectory(classes)) {
        modules.add(classes);
      }
    }
    return modules;
  }

  @Test
  void theApiKnowsNothingOfOurs() {
    classes()
        .that()
        .resideInAnyPackage(API)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(API).or(resideInAnyPackage("java..", "org.jspecify..")))
        .because(
            "the API holds nouns on which everything stands; move what needs more into core or a"
                + " leaf, behind an interface of the API")
        .check(all);
  }

  @Test
  void coreKnowsOnlyTheApi() {
    namesNoLeaf(List.of("maintenance", "cli"), "io.tideline", "io.tideline.core..");
  }

  @Test
  void maintenanceKnowsOnlyTheApiAndCore() {
    namesNoLeaf(List.of("cli"), "io.tideline.maintenance..");
  }

  @Test
  void theStoreStandsAlone() {
    noClasses()
        .that()
        .resideInAPackage("io.tideline.store..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.tideline..").and(not(resideInAPackage("io.tideline.store.."))))
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "jakarta..")
        .because("an application takes the store without the rest, and without a framework")
        .check(all);
    noClasses()
        .that(not(resideInAnyPackage("io.tideline.store..")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.tideline.store..")
        .because("the store is for applications: what Tideline needs too belongs into the API")
        .check(all);
  }

  private void namesNoLeaf(List<String> others, String... packages) {
    String[] above =
        Stream.concat(LEAVES.stream(), others.stream())
            .map(room -> "io.tideline." + room + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAnyPackage(packages)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(above)
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..")
        .because(
            "core and maintenance name no database and no format: they find them by ServiceLoader;"
                + " widen the interface of the API instead")
        .allowEmptyShould(true)
        .check(all);
  }

  @Test
  void noRoomOfCoreLeadsBackToItself() {
    slices()
        .matching("io.tideline.core.(*)..")
        .should()
        .beFreeOfCycles()
        .because("what two rooms share belongs in one below both, as `rule` and `work` are")
        .check(all);
  }

  @Test
  void aLeafKnowsOnlyTheApi() {
    for (String leaf : LEAVES) {
      String[] others =
          Stream.concat(
                  LEAVES.stream().filter(other -> !other.equals(leaf)),
                  Stream.of("cli", "core", "maintenance"))
              .map(room -> "io.tideline." + room + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("io.tideline." + leaf + "..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(others)
                  .or(resideInAnyPackage("io.tideline").and(simpleName("Tideline"))))
          .because(
              "a dialect never knows an archive, an archive never the database; what two of them"
                  + " need belongs into the API")
          .allowEmptyShould(true)
          .check(all);
    }
  }

  @Test
  void coreAndMaintenanceNameNoDatabase() throws IOException {
    List<String> found = new ArrayList<>();
    found.addAll(namingDatabases("core"));
    found.addAll(namingDatabases("maintenance"));
    assertThat(found)
        .as("what depends on the database belongs into its dialect, as a capability or a condition")
        .isEmpty();
  }

  private static List<String> namingDatabases(String module) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("target/classes"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        // Names and texts stand in a class file as they are; comments do not.
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        if (bytes.contains("sqlite") || bytes.contains("postgres")) {
          found.add(ROOT.relativize(file).toString());
        }
      }
    }
    return found;
  }

  @Test
  void onlyTheCommandPrints() {
    noClasses()
        .that(not(resideInAnyPackage("io.tideline.cli..")))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("java.util.logging..")
        .because("a library returns, throws or tells its listener; the command prints")
        .check(all);
  }

  @Test
  void nobodyAsksTheMachineForItsZoneOrBypassesTheClock() {
    noClasses()
        .that(not(resideInAnyPackage("io.tideline.cli..")))
        // Where the given clock is compared with the machine's, and where the plan says both.
        .and()
        .doNotHaveSimpleName("Preconditions")
        .and()
        .doNotHaveSimpleName("Tideline")
        .should()
        .callMethod(ZoneId.class, "systemDefault")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDate.class, "now")
        .orShould()
        .callMethod(LocalDateTime.class, "now")
        .orShould()
        .callMethod(ZonedDateTime.class, "now")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.(util\\.(Date|Calendar|TimeZone)|text\\.SimpleDateFormat)")
        .because("TZ never matters and a test sets the clock: take a Clock, and name the zone")
        .check(all);
  }

  @Test
  void theMachinesLocaleNeverMatters() throws IOException {
    noClasses()
        .should()
        .callMethod(String.class, "format", String.class, Object[].class)
        .orShould()
        .callMethod(String.class, "toUpperCase")
        .orShould()
        .callMethod(String.class, "toLowerCase")
        .because(
            "some locales have digits and letters of their own, and files, SQL and JSON would bear"
                + " them: name Locale.ROOT")
        .check(all);
    assertThat(textsWithLocalDigits())
        .as("String.formatted takes the machine's locale: %%s writes a number in plain digits")
        .isEmpty();
  }

  /** Sources that call {@code formatted} and have a conversion that follows the locale. */
  private static List<String> textsWithLocalDigits() throws IOException {
    Pattern local = Pattern.compile("%[0-9$,+(. -]*[deEfgG](?![A-Za-z])");
    List<String> found = new ArrayList<>();
    for (Path classes : modules()) {
      Path sources = classes.resolve("../../src/main/java").normalize();
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          String text = Files.readString(file);
          if (text.contains(".formatted(") && local.matcher(text).find()) {
            found.add(ROOT.relativize(file).toString());
          }
        }
      }
    }
    return found;
  }

  @Test
  void namesSayWhatAClassIs() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Processor")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .because("such a name fits anything: use the field's term for what the class does")
        .check(all);
  }
}
