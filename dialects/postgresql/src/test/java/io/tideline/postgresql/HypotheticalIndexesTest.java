package io.tideline.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tideline.catalogue.Table;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.WhatIf;
import io.tideline.error.TidelineException;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.PlanNode;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.TableSize;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Runs where the environment names a database in which HypoPG can be made, as {@code
 * TIDELINE_HYPOPG=postgresql://postgres@localhost:5432/scratch}: the servers that tests start do
 * not have it.
 */
class HypotheticalIndexesTest {
  private static final IndexSpec INDEX =
      IndexSpec.of("by \"b\"", "odd", List.of(IndexColumn.of("user"), IndexColumn.of("a").desc()));

  @Test
  void plansOnTheLiveTablesWithIndexesThatAreNotThere() throws SQLException {
    String url = System.getenv("TIDELINE_HYPOPG");
    assumeTrue(url != null, "TIDELINE_HYPOPG names no server that has HypoPG");
    try (Connection connection =
            DriverManager.getConnection(
                ConnectionUrl.of(new DatabaseUrl(url)).jdbc(),
                ConnectionUrl.of(new DatabaseUrl(url)).properties());
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          DROP TABLE IF EXISTS public.odd;
          CREATE EXTENSION IF NOT EXISTS hypopg;
          CREATE TABLE public.odd (a int PRIMARY KEY, "user" int, c text);
          INSERT INTO public.odd SELECT g, g % 500, md5(g::text) FROM generate_series(1, 50000) g;
          ANALYZE public.odd""");
      try (Database database = new PostgresDialect().open(new DatabaseUrl(url))) {
        look(database);
      } finally {
        statement.execute("DROP TABLE public.odd");
      }
    }
  }

  private static void look(Database database) {
    Table table =
        database.catalogue().tables().stream()
            .filter(each -> each.name().name().equals("odd"))
            .findFirst()
            .orElseThrow();
    QueryText text =
        QueryText.of("SELECT * FROM public.odd WHERE \"user\" = :u ORDER BY a DESC LIMIT 3");
    try (WhatIf whatIf = database.openWhatIf(List.of())) {
      assertThat(whatIf.basis()).singleElement().asString().contains("by HypoPG 1.");
      assertThat(whatIf.rows(table.name())).hasValue(50_000);
      QueryPlan before = whatIf.explain(text, List.of(3L));
      assertThat(whatIf.add(table, INDEX)).isBetween(500_000L, 4_000_000L);
      QueryPlan with = whatIf.explain(text, List.of(3L));
      assertThat(with.all())
          .anyMatch(
              step ->
                  step.kind() == PlanNode.Kind.INDEX_SEARCH
                      && step.index().equals(INDEX.name())
                      && step.table().equals("public.odd"));
      assertThat(with.cost().orElseThrow()).isLessThan(before.cost().orElseThrow() / 4);
      whatIf.remove(table, INDEX);
      assertThat(whatIf.explain(text, List.of(3L))).isEqualTo(before);
      assertThatThrownBy(() -> whatIf.explain(QueryText.of("SELECT hypopg_reset()"), List.of()))
          .isInstanceOf(TidelineException.class)
          .hasMessageContaining("is volatile");
    }
    try (WhatIf sized = database.openWhatIf(List.of(TableSize.of("odd", 1000)))) {
      assertThat(sized.basis()).noneMatch(line -> line.contains("HypoPG"));
    }
  }
}
