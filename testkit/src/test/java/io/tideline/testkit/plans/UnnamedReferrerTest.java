package io.tideline.testkit.plans;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.config.ConfigFile;
import io.tideline.plan.Finding;
import io.tideline.plan.Plan;
import io.tideline.policy.Selection;
import io.tideline.run.RunListener;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A table that no policy names keeps trees: the plan has the line that names it, and it serves. */
class UnnamedReferrerTest {
  private static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");

  @TempDir Path folder;

  private Plan plan(TestDatabase database, String... entries) throws Exception {
    StringBuilder yaml =
        new StringBuilder(
            """
            version: 1
            database: %s
            archive: archive
            policies:
              runs:
                table: runs
                time: at
                retain: 30d
                dependents:
                  - rows_
            """
                .formatted(database.url()));
    for (String entry : entries) {
      yaml.append("      ").append(entry).append('\n');
    }
    Path file = Files.writeString(folder.resolve("tideline.yaml"), yaml);
    try (Tideline tideline =
        Tideline.open(ConfigFile.load(file, Map.of()).settings(), new SettableClock(NOW))) {
      return tideline.plan(Selection.all(), RunListener.NONE);
    }
  }

  private static List<Finding> findings(Plan plan) {
    return plan.policies().get(0).findings().stream()
        .filter(each -> each.code().equals("unnamed-referrer"))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void isToldWithTheLineThatNamesIt(Product product) throws Exception {
    try (TestDatabase database = product.create(folder)) {
      database.execute(
          "CREATE TABLE runs (id integer PRIMARY KEY, at text)",
          "CREATE TABLE rows_ (id integer PRIMARY KEY, run integer REFERENCES runs (id))",
          "CREATE TABLE scores (id integer PRIMARY KEY, row_ integer REFERENCES rows_ (id))",
          "CREATE TABLE \"odd name's\" (id integer PRIMARY KEY, run integer REFERENCES runs (id)"
              + " ON DELETE SET NULL, row_ integer REFERENCES rows_ (id))",
          "CREATE TABLE idle (id integer PRIMARY KEY, run integer REFERENCES runs (id))",
          "INSERT INTO runs VALUES (1, '2026-01-01 00:00:00'), (2, '2026-01-01 00:00:00'),"
              + " (3, '2026-01-01 00:00:00'), (4, '2026-09-30 00:00:00')",
          "INSERT INTO rows_ VALUES (1, 1), (2, 2), (3, 3), (4, 4)",
          "INSERT INTO scores VALUES (1, 1), (2, 4)",
          "INSERT INTO \"odd name's\" VALUES (1, 2, NULL)",
          "INSERT INTO idle VALUES (1, 4)");
      Plan plan = plan(database);

      assertThat(plan.policies().get(0).rows()).isEqualTo(1);
      assertThat(findings(plan))
          .containsExactlyInAnyOrder(
              new Finding(
                  "unnamed-referrer",
                  "rows stay because rows of scores refer to them over scores(row_) -> rows_, and"
                      + " the file does not name that table",
                  "under 'dependents:' of policy 'runs' add the line: - scores"),
              new Finding(
                  "unnamed-referrer",
                  "rows stay because rows of odd name's refer to them over odd name's(run) -> runs,"
                      + " and the file does not name that table",
                  "under 'dependents:' of policy 'runs' add the line:"
                      + " - {table: 'odd name''s', on: detach}"));

      String[] lines =
          findings(plan).stream()
              .map(each -> each.mend().substring(each.mend().indexOf("- ")))
              .toArray(String[]::new);
      Plan named = plan(database, lines);
      assertThat(findings(named)).isEmpty();
      assertThat(named.policies().get(0).rows()).isEqualTo(3);
    }
  }
}
