package io.tideline.testkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.tideline.Tideline;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RunListener;
import io.tideline.testkit.Product;
import io.tideline.testkit.TestDatabase;
import io.tideline.testkit.chaos.audit.ArchiveFolder;
import io.tideline.testkit.chaos.audit.Auditor;
import io.tideline.testkit.chaos.audit.Book;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The auditor finds what it is there to find, and knows of Tideline only what is written down. */
class AuditorTest {
  private static final String EXPIRED = "at < '" + Values.time(before(30)) + "'";

  @TempDir Path folder;

  private static long before(int days) {
    return System.currentTimeMillis() - days * 86_400_000L;
  }

  /** A database of two hundred trees, half of which a run took away. */
  private final class Scene implements AutoCloseable {
    private final Shape shape;
    private final TestDatabase database;
    private final Book book = new Book();
    private final Path archive = folder.resolve("archive" + System.nanoTime());

    Scene(Product product, String format) {
      this(product, format, false);
    }

    Scene(Product product, String format, boolean textKeys) {
      shape = shape(product, format, textKeys);
      database = product.create(folder);
      database.execute(shape.ddl());
      new Writer(database, shape, book, 1, 5).fill(200);
      Settings settings = Settings.of(database.url(), archive, List.of(shape.policy()));
      try (Tideline tideline = Tideline.open(settings)) {
        tideline.run(tideline.plan(Selection.all(), RunListener.NONE), RunListener.NONE);
      }
    }

    List<String> findings() throws IOException, SQLException {
      Auditor.Rules rules = new Auditor.Rules(false, before(30), false);
      ArchiveFolder read = ArchiveFolder.read(archive);
      return Auditor.audit(database, shape.tables(), book, read, rules).findings();
    }

    @Override
    public void close() {
      database.close();
    }
  }

  /** The first that is a tree of three tables, each with a hidden key if its keys are texts. */
  private static Shape shape(Product product, String format, boolean textKeys) {
    return Stream.iterate(1L, seed -> seed + 1)
        .map(seed -> Shape.any(product, new Random(seed)))
        .filter(each -> each.archives() && each.tables().size() == 3)
        .filter(each -> each.textKeys() == textKeys && !each.ddl().get(0).contains("WITHOUT"))
        .filter(each -> each.policy().format().equals(format))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void readsBothFormatsExactly(Product product) throws IOException, SQLException {
    for (String format : List.of("parquet", "jsonl")) {
      try (Scene scene = new Scene(product, format, format.equals("jsonl"))) {
        assertThat(scene.findings()).isEmpty();
        String expired = "SELECT count(*) FROM events WHERE " + EXPIRED;
        assertThat(scene.database.query(expired)).containsExactly("0");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void findsWhatBecameOfRows(Product product) throws IOException, SQLException {
    try (Scene scene = new Scene(product, "parquet")) {
      scene.database.execute(
          "UPDATE events SET n = 4711 WHERE id = (SELECT min(id) FROM events)",
          "INSERT INTO events (id, n) VALUES (5, 1)");
      assertThat(scene.findings())
          .hasSize(2)
          .anyMatch(finding -> finding.contains("is live with other values"))
          .anyMatch(finding -> finding.contains("events integer:5 was never written"));
      scene.database.execute(
          "DELETE FROM events WHERE id = 5",
          "DELETE FROM parts WHERE id = (SELECT min(id) FROM parts)");
      assertThat(scene.findings()).hasSize(2).anyMatch(finding -> finding.contains("is lost"));
    }
  }

  @Test
  void findsWhatBecameOfTheArchive() throws IOException, SQLException {
    try (Scene scene = new Scene(Product.SQLITE, "jsonl")) {
      Path outcome = ArchiveFolder.files(scene.archive, ".outcome.json").get(0);
      String text = Files.readString(outcome);
      Files.writeString(outcome, text.replaceFirst("\"kept\": *\"\"", "\"kept\":\"0\""));
      assertThat(scene.findings())
          .anyMatch(finding -> finding.endsWith("is lost"))
          .anyMatch(finding -> finding.startsWith("the deletion record tells otherwise of"));
      Files.delete(outcome);
      assertThat(scene.findings())
          .anyMatch(finding -> finding.endsWith("is still in doubt"))
          .anyMatch(finding -> finding.startsWith("the deletion record tells of a missing"));
      Files.writeString(outcome, text);
      Path segment = ArchiveFolder.files(scene.archive, ".jsonl").get(0);
      Files.writeString(segment, Files.readString(segment).replaceFirst("1", "2"));
      assertThat(scene.findings())
          .anyMatch(finding -> finding.endsWith("another SHA-256 than its manifest tells"));
    }
  }

  @Test
  void findsAReferenceThatLeadsNowhere() throws IOException, SQLException {
    try (Scene scene = new Scene(Product.SQLITE, "jsonl")) {
      scene.database.execute(
          "PRAGMA foreign_keys = OFF", "UPDATE items SET up = -1 WHERE id % 3 = 0");
      assertThat(scene.findings()).contains("a reference of items leads nowhere");
    }
  }

  @Test
  void aCommitWithoutAnswerMayHaveHappened() throws IOException, SQLException {
    try (Scene scene = new Scene(Product.SQLITE, "jsonl")) {
      String root = "integer:999";
      scene.book.note(
          List.of(
              new Book.Change(
                  "events", root, root, java.util.Optional.of(new Book.Version("x", before(1))))),
          false);
      assertThat(scene.findings()).isEmpty();
      scene.database.execute("INSERT INTO events (id, n) VALUES (999, 1)");
      assertThat(scene.findings())
          .anyMatch(finding -> finding.startsWith("events integer:999 is live with other values"));
    }
  }

  @Test
  void usesNoClassOfTideline() {
    DescribedPredicate<JavaClass> tideline =
        DescribedPredicate.describe(
            "of Tideline",
            each ->
                each.getPackageName().startsWith("io.tideline")
                    && !each.getPackageName().startsWith("io.tideline.testkit"));
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage("io.tideline.testkit.chaos.audit..")
        .should()
        .dependOnClassesThat(tideline)
        .because("an auditor that asks the audited finds nothing")
        .check(new ClassFileImporter().importPackages("io.tideline.testkit.chaos.audit"));
  }
}
