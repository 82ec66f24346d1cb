package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckTest {
  private static final String QUERIES =
      """
        by-account:
          sql: SELECT * FROM usage u WHERE u.account = :a ORDER BY u.at DESC LIMIT 10
          params: {a: a1}
          expect: {uses_index: usage_account, no_full_scan: true, no_sort: true, max_examined: 1}
        newest-of-all:
          sql: SELECT * FROM usage u ORDER BY u.used DESC LIMIT 1
          expect: {no_full_scan: true, no_sort: true, max_examined: 10}
        shown-only:
          sql: SELECT count(*) FROM accounts
        evil:
          sql: DELETE FROM usage
      """;

  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void store() throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("store.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE accounts (id TEXT PRIMARY KEY)");
      statement.execute(
          "CREATE TABLE usage (id INTEGER PRIMARY KEY, account TEXT, at TEXT, used REAL)");
      statement.execute("CREATE INDEX usage_account ON usage (account, at)");
      statement.execute(
          "WITH n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3000)"
              + " INSERT INTO usage SELECT x, 'a' || (x % 10), x, x FROM n");
    }
    config(QUERIES);
    shell = new Shell(folder);
  }

  private void config(String queries) throws Exception {
    Files.writeString(
        folder.resolve("tideline.yaml"),
        "version: 1\ndatabase: sqlite:store.db\narchive: archive\nqueries:\n" + queries);
  }

  @Test
  void theCulpritIsMarkedAndTheBuildStops() {
    Shell.Said said = shell.run("check");

    assertThat(said.err()).isEmpty();
    assertThat(said.exit()).isEqualTo(1);
    assertThat(said.out())
        .contains(
            """
            newest-of-all  fails
              > |-- SCAN u  [usage]
              > `-- USE TEMP B-TREE FOR ORDER BY
              no_full_scan: It reads all of usage.
              no_sort: It collects rows and sorts them before it gives the first.
              max_examined: It reads 3,000 rows to give 1: 3,000.0 for each, where 10 may be.
              3,000 rows read, 1 given. Counted by a function that SQLite calls for each row it looks at.
            """)
        .contains(
            """
            evil  impossible
              Cannot run the query: it begins with DELETE, and only SELECT, WITH and VALUES are let\
             through. Nothing was run, nothing was changed. Write one SELECT that only reads.
            """)
        .doesNotContain("SEARCH u USING INDEX")
        .contains(
            """
            QUERY          VERDICT      READ  GIVEN  NOT AS EXPECTED
            by-account     passes         10     10
            newest-of-all  fails       3,000      1  no_full_scan, no_sort, max_examined
            shown-only     not judged
            evil           impossible

            2 of 4 queries not as expected on the live schema of sqlite:""");
  }

  @Test
  void whatIsAsExpectedEndsWell() {
    Shell.Said said = shell.run("check", "by-account", "shown-only");

    assertThat(said.exit()).isZero();
    assertThat(said.out())
        .contains("by-account  passes\n    `-- SEARCH u USING INDEX usage_account (account=?)")
        .contains("2 queries as expected on the live schema of sqlite:");
  }

  @Test
  void jsonHasThePlanAndTheBreaches() {
    JsonObject document =
        JsonParser.parseString(shell.run("check", "--json").out()).getAsJsonObject();

    JsonObject newest = document.getAsJsonArray("queries").get(1).getAsJsonObject();
    assertThat(newest.get("verdict").getAsString()).isEqualTo("fails");
    assertThat(newest.getAsJsonObject("work").get("examined").getAsLong()).isEqualTo(3000);
    JsonObject scan =
        newest.getAsJsonObject("plan").getAsJsonArray("steps").get(0).getAsJsonObject();
    assertThat(scan.get("kind").getAsString()).isEqualTo("full-scan");
    assertThat(scan.get("table").getAsString()).isEqualTo("usage");
    assertThat(newest.getAsJsonArray("breaches").get(0).getAsJsonObject().get("culprit"))
        .hasToString("\"SCAN u\"");
  }

  @Test
  void aQueryThatIsNotThereIsToldWithTheNearest() throws Exception {
    Shell.Said said = shell.run("check", "by-acount");

    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err())
        .contains("Cannot check the query 'by-acount': the configuration has no such query.")
        .contains("Did you mean by-account?");

    config("");
    assertThat(shell.run("check").err())
        .contains("Cannot check queries: the configuration has none.");
  }

  @Test
  void agesCountFromNow() throws Exception {
    config(
        """
          recent:
            sql: SELECT * FROM usage WHERE account = 'a1' AND at > :since
            params: {since: {ago: 1d, as: date}}
            expect: {max_examined: 1}
        """);

    assertThat(shell.run("check", "--now=1970-01-03").out()).contains("recent  passes");
  }

  @Test
  void aThousandQueriesGoOverOneConnection() throws Exception {
    StringBuilder queries = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      queries.append("  q").append(i).append(":\n    sql: SELECT * FROM usage WHERE id = :i + ");
      queries.append(i).append("\n    params: {i: ").append(i).append("}\n");
      queries.append("    expect: {no_full_scan: true, max_examined: 1}\n");
    }
    config(queries.toString());

    Shell.Said said = shell.run("check");

    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.out()).contains("1000 queries as expected");
  }
}
