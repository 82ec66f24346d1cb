package io.tideline.testkit.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.maintenance.check.PlanCheck;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Java example of docs/check.md: it is this region, word for word, and it does what it says.
 */
final class PlanCheckExampleTest {
  @TempDir Path folder;
  private String url;

  @BeforeEach
  void make() throws SQLException {
    Path store = folder.resolve("store.db");
    url = "sqlite:" + store;
    execute(
        "CREATE TABLE logs (id INTEGER PRIMARY KEY, user TEXT, at TEXT, line BLOB)",
        "INSERT INTO logs (user, at) VALUES ('ann', '2026-05-02'), ('bob', '2026-05-02')");
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:" + url);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void theExampleJudges() throws SQLException {
    assertThatThrownBy(() -> example(url))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            """
            The plan of this query is not as expected:
            SELECT * FROM logs WHERE user = :user ORDER BY at DESC LIMIT 10
            It does not use the index logs_user_at; it uses none.
            It reads all of logs.
            It collects rows and sorts them before it gives the first.
            It reads 2 rows to give 1: 2.0 for each, where 1 may be.
            > |-- SCAN logs
            > `-- USE TEMP B-TREE FOR ORDER BY""");

    execute("CREATE INDEX logs_user_at ON logs (user, at)");

    assertThatCode(() -> example(url)).doesNotThrowAnyException();
  }

  @Test
  void valuesOfEveryTypeAreTaken() {
    try (PlanCheck plans = PlanCheck.open(url)) {
      plans
          .query("SELECT 1 FROM logs WHERE id IN (:a, :b, :c) AND line = :d OR at = :e AND :f")
          .with("a", 1)
          .with("b", 2L)
          .with("c", null)
          .with("d", new byte[] {1})
          .with("e", Instant.EPOCH)
          .with("f", true)
          .noFullScan("logs")
          .verify();
      assertThatThrownBy(() -> plans.query("SELECT :x").with("x", new Object()))
          .hasMessage("Cannot use a java.lang.Object as the value of :x");
      assertThatThrownBy(() -> plans.query("DELETE FROM logs").verify())
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("Cannot run the query: it begins with DELETE");
    }
  }

  @Test
  void theDocumentHasTheExampleThatRuns() {
    String source =
        Docs.text("testkit/src/test/java/io/tideline/testkit/docs/PlanCheckExampleTest.java");
    int from = source.lastIndexOf("// tag::check[]\n") + "// tag::check[]\n".length();
    String region = source.substring(from, source.lastIndexOf("// end::check[]"));
    assertThat(Docs.text("docs/check.md"))
        .contains("```java\n" + region.stripTrailing().stripIndent().stripTrailing() + "\n```");
  }

  private static void example(String url) {
    // tag::check[]
    try (PlanCheck plans = PlanCheck.open(url)) {
      plans
          .query("SELECT * FROM logs WHERE user = :user ORDER BY at DESC LIMIT 10")
          .with("user", "ann")
          .usesIndex("logs_user_at")
          .noFullScan()
          .noSort()
          .examinesAtMost(1)
          .verify();
    }
    // end::check[]
  }
}
