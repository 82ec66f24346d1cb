package io.tideline.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.dialect.WhatIf;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.PlanNode;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.TableSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhatIfTest {
  @TempDir Path folder;
  private Sandbox sandbox;

  private WhatIf whatIf(List<TableSize> sizes, String... statements) {
    sandbox = new Sandbox(folder).with(statements);
    return sandbox.database().openWhatIf(sizes);
  }

  @AfterEach
  void close() {
    if (sandbox != null) {
      sandbox.close();
    }
  }

  private static String rows(int count, String values) {
    return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
        + count
        + ") INSERT INTO t SELECT "
        + values
        + " FROM n";
  }

  private static List<String> lines(WhatIf whatIf, String sql) {
    return whatIf.explain(QueryText.of(sql), List.of()).all().map(PlanNode::text).toList();
  }

  @Test
  void plansAsTheFileDoesAndAsItWouldWithAnIndex() throws Exception {
    try (WhatIf whatIf =
        whatIf(
            List.of(),
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER)",
            "CREATE INDEX ta ON t (a)",
            rows(20_000, "i, i % 10, i"),
            "ANALYZE")) {
      String sql = "SELECT * FROM t WHERE a = 3 AND b = 7";
      assertThat(lines(whatIf, sql))
          .isEqualTo(
              sandbox.rows("EXPLAIN QUERY PLAN " + sql).stream()
                  .map(line -> line.replaceFirst("^(\\d+\\|){3}", ""))
                  .toList());
      IndexSpec index = IndexSpec.of("tb", "t", List.of(IndexColumn.of("b")));
      long bytes = whatIf.add(sandbox.table("t"), index);
      assertThat(bytes).isBetween(20_000L * 6, 20_000L * 30);
      assertThat(lines(whatIf, sql)).containsExactly("SEARCH t USING INDEX tb (b=?)");
      whatIf.remove(sandbox.table("t"), index);
      assertThat(lines(whatIf, sql)).containsExactly("SEARCH t USING INDEX ta (a=?)");
      assertThat(whatIf.rows(sandbox.table("t").name())).hasValue(20_000);
      assertThat(whatIf.basis())
          .containsExactly(
              "t: 20,000 rows (ANALYZE of the file; different values told from rows at random)");
    }
    assertThat(sandbox.rows("SELECT name FROM sqlite_schema WHERE name = 'tb'")).isEmpty();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("test.db");
    }
  }

  /** What is told of an index from some rows is near what ANALYZE finds in all. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "id", "a|b"})
  void someRowsTellTheNumbersOfDifferentValues(String columns) throws Exception {
    sandbox =
        new Sandbox(folder)
            .with(
                "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER)",
                rows(60_000, "i, i % 30, i * 7919 % 5000"));
    String list = columns.replace("|", ", ");
    sandbox.with("CREATE INDEX probe ON t (" + list + ")", "ANALYZE");
    StatLine real =
        StatLine.parse(sandbox.rows("SELECT stat FROM sqlite_stat1 WHERE idx = 'probe'").get(0));
    try (StandIn standIn = StandIn.of(DatabaseFile.locate(sandbox.path))) {
      SampledRows.bring(standIn.source(), standIn.copy(), "t", 60_000);
      StatLine told =
          new Kinds(standIn.copy(), "t", 60_000, Map.of())
              .line(
                  Stream.of(columns.split("\\|"))
                      .map(column -> new Kinds.Term(column, Sql.quote(column)))
                      .toList(),
                  "",
                  false)
              .orElseThrow();
      assertThat(told.rows()).isEqualTo(real.rows());
      for (int i = 0; i < real.alike().size(); i++) {
        double ratio = (double) told.alike().get(i) / real.alike().get(i);
        assertThat(ratio).as(told + " for " + real).isBetween(0.5, 2.0);
      }
    }
  }

  @Test
  void anEmptyFileIsPlannedAtTheSizeThatIsDeclared() {
    TableSize size = new TableSize("T", 10_000_000, Map.of("A", 5L));
    try (WhatIf whatIf =
        whatIf(
            List.of(size),
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER)",
            "CREATE INDEX ta ON t (a)",
            "CREATE INDEX tb ON t (b)")) {
      assertThat(lines(whatIf, "SELECT * FROM t WHERE a = 3 AND b = 7"))
          .containsExactly("SEARCH t USING INDEX tb (b=?)");
      assertThat(whatIf.rows(sandbox.table("t").name())).hasValue(10_000_000);
      assertThat(whatIf.basis()).containsExactly("t: 10,000,000 rows (declared)");
    }
  }

  @Test
  void statisticsAreScaledToTheSizeThatIsDeclared() {
    StatLine line = StatLine.parse("1000 500 2 1 unordered sz=10");
    assertThat(line.scaled(100).text()).isEqualTo("100000 50000 2 1 unordered sz=10");
    assertThat(StatLine.parse("").text()).isEqualTo("0");
  }

  @Test
  void schemasFromHellStandIn() {
    try (WhatIf whatIf =
        whatIf(
            List.of(),
            "CREATE TABLE \"a \"\"b (\" (\"x y\" TEXT COLLATE NOCASE, \"select\" INTEGER, PRIMARY"
                + " KEY (\"x y\", \"select\")) WITHOUT ROWID",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, data TEXT CHECK (json_valid(data)), at AS"
                + " (json_extract(data, '$.at')) STORED, v AS (id + 1))",
            "CREATE INDEX [by at] ON t (at DESC) WHERE at IS NOT NULL",
            "CREATE UNIQUE INDEX by_expression ON t (json_extract(data, '$.name'), lower(at))",
            "CREATE VIEW seen AS SELECT id, at FROM t",
            "CREATE TRIGGER no AFTER INSERT ON t BEGIN SELECT raise(ABORT, 'no'); END",
            "DROP TRIGGER no",
            "CREATE VIRTUAL TABLE words USING fts5(body)",
            "INSERT INTO words VALUES ('hello')",
            "CREATE TABLE strict_one (n INTEGER NOT NULL, m BLOB, UNIQUE (n)) STRICT",
            "INSERT INTO \"a \"\"b (\" WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM"
                + " n WHERE i < 9000) SELECT 'k' || i, i FROM n",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
                + " INSERT INTO t (id, data) SELECT i, json_object('at', i, 'name', 'n' || i) FROM"
                + " n")) {
      assertThat(lines(whatIf, "SELECT * FROM \"a \"\"b (\" WHERE \"x y\" = 'k1'"))
          .containsExactly("SEARCH a \"b ( USING PRIMARY KEY (x y=?)");
      assertThat(lines(whatIf, "SELECT id FROM seen WHERE at > 7 ORDER BY at DESC"))
          .containsExactly("SEARCH t USING INDEX by at (at>?)");
      assertThat(lines(whatIf, "SELECT id FROM t WHERE json_extract(data, '$.name') = 'n7'"))
          .containsExactly("SEARCH t USING COVERING INDEX by_expression (<expr>=?)");
      assertThat(lines(whatIf, "SELECT rowid FROM words WHERE words MATCH 'hello'")).hasSize(1);
      IndexSpec doubled =
          IndexSpec.of("ix", "t", List.of(IndexColumn.ofExpression("id * 2"), IndexColumn.of("v")));
      whatIf.add(sandbox.table("t"), doubled);
      assertThat(lines(whatIf, "SELECT v FROM t WHERE id * 2 = 8"))
          .first()
          .asString()
          .contains("INDEX ix (<expr>=?)");
      whatIf.remove(sandbox.table("t"), doubled);
      assertThatThrownBy(
              () ->
                  whatIf.add(
                      sandbox.table("t"),
                      IndexSpec.of("ix", "t", List.of(IndexColumn.ofExpression("random()")))))
          .hasMessageContaining("Cannot try the index ix on t")
          .hasMessageContaining("non-deterministic");
    }
  }

  /** As of an application that brings its own collation. */
  @Test
  void whatAnExtensionProvidesIsToldAsMissing() {
    try (WhatIf whatIf =
        whatIf(
            List.of(),
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
            "CREATE INDEX ta ON t (a COLLATE NOCASE)",
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_schema SET sql = replace(sql, 'NOCASE', 'GERMAN') WHERE name = 'ta'",
            "PRAGMA writable_schema = OFF")) {
      assertThat(whatIf.basis())
          .containsExactly("The stand-in lacks the index ta (no such collation sequence: GERMAN).");
    }
  }

  @Test
  void whatWritesIsRefused() {
    try (WhatIf whatIf = whatIf(List.of(), "CREATE TABLE t (id INTEGER PRIMARY KEY)")) {
      assertThatThrownBy(() -> lines(whatIf, "DELETE FROM t"))
          .isInstanceOfSatisfying(
              TidelineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.QUERY_REFUSED));
      assertThatThrownBy(() -> lines(whatIf, "SELECT nope FROM t"))
          .hasMessageContaining("no such column: nope");
    }
  }

  @Test
  void aSizeOfWhatIsNotThereIsRefused() {
    assertThatThrownBy(
            () ->
                whatIf(
                    List.of(new TableSize("t", 10, Map.of("nope", 1L))),
                    "CREATE TABLE t (id INTEGER PRIMARY KEY)"))
        .hasMessageContaining("Cannot find the column nope");
    assertThatThrownBy(() -> sandbox.database().openWhatIf(List.of(TableSize.of("u", 10))))
        .hasMessageContaining("Cannot find the table u");
  }
}
