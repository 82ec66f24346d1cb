package io.tideline.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.health.TableFacts;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a large file is guessed to hold is near what it holds. */
final class TreeSizesTest {
  private static final String MANY =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) ";

  @TempDir Path folder;

  private List<TableFacts> tables(Session session, boolean whole) throws Exception {
    long used = Long.parseLong(session.pragma("page_count")) * 4096;
    return new TreeSizes(new Watched(session, Watched.USUAL), used, whole)
        .tables().stream().sorted(Comparator.comparingLong(TableFacts::total).reversed()).toList();
  }

  @Test
  void guessesAreNear() throws Exception {
    Path file = folder.resolve("large.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE wide (id INTEGER PRIMARY KEY, v TEXT)");
      statement.execute("CREATE TABLE narrow (a INTEGER, b TEXT)");
      statement.execute("CREATE TABLE keyed (a INTEGER PRIMARY KEY, rowid TEXT) WITHOUT ROWID");
      statement.execute("CREATE TABLE \"od\"\"d\" (rowid TEXT, _rowid_ TEXT, oid TEXT)");
      statement.execute("CREATE INDEX narrow_ab ON narrow (a, lower(b))");
      statement.execute(MANY + "INSERT INTO wide SELECT i, hex(zeroblob(500)) FROM n");
      statement.execute(MANY + "INSERT INTO narrow SELECT i, 'some text ' || i FROM n");
      statement.execute(MANY + "INSERT INTO keyed SELECT i, i FROM n");
      statement.execute("INSERT INTO \"od\"\"d\" VALUES ('x', 'y', 'z')");
    }
    try (Session session = Session.openReading(DatabaseFile.locate(file))) {
      List<TableFacts> known = tables(session, true);
      List<TableFacts> guessed = tables(session, false);

      assertThat(known).allMatch(each -> each.bytes().isExact() && each.rows().isPresent());
      for (int i = 0; i < 2; i++) {
        assertThat(guessed.get(i).name()).isEqualTo(known.get(i).name());
        assertThat(guessed.get(i).rows().orElseThrow().value()).isEqualTo(5_000);
        assertThat(guessed.get(i).rows().orElseThrow().basis()).startsWith("estimate: gaps");
        assertThat(guessed.get(i).bytes().isExact()).isFalse();
        double ratio = (double) guessed.get(i).total() / known.get(i).total();
        assertThat(ratio).as(known.get(i).toString()).isBetween(0.6, 1.6);
      }
    }
  }

  @Test
  void keysFarApartAreNotRows() throws Exception {
    Path file = folder.resolve("far.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE far (id INTEGER PRIMARY KEY, v TEXT)");
      statement.execute("CREATE TABLE even (id INTEGER PRIMARY KEY, v TEXT)");
      statement.execute("CREATE TABLE crowd (rowid TEXT, v TEXT)");
      statement.execute("CREATE TABLE empty (v TEXT)");
      statement.execute(
          "INSERT INTO far VALUES (9223372036854775807, 'a'), (-9223372036854775808, 'b')");
      statement.execute(MANY + "INSERT INTO even SELECT (i - 2500) * (1 << 50), 'text' FROM n");
      statement.execute(MANY + "INSERT INTO crowd (_rowid_, v) SELECT i, hex(zeroblob(50)) FROM n");
      statement.execute("INSERT INTO crowd (_rowid_) VALUES (9223372036854775807)");
    }
    try (Session session = Session.openReading(DatabaseFile.locate(file))) {
      List<TableFacts> guessed = tables(session, false);

      assertThat(guessed)
          .extracting(each -> each.name().name())
          .containsSubsequence("crowd", "even", "far");
      assertThat(rows(guessed, "far")).isBetween(1L, 3L);
      assertThat(rows(guessed, "even")).isBetween(4_900L, 5_100L);
      assertThat(rows(guessed, "crowd")).isBetween(3_000L, 7_000L);
      assertThat(rows(guessed, "empty")).isZero();
    }
  }

  @Test
  void keysInBurstsAreToldAsAtLeast() throws Exception {
    Path file = folder.resolve("bursts.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE bursts (id INTEGER PRIMARY KEY, v TEXT)");
      statement.execute("CREATE TABLE even (id INTEGER PRIMARY KEY, v TEXT)");
      statement.execute(
          "WITH RECURSIVE day(d) AS (SELECT 1 UNION ALL SELECT d + 1 FROM day WHERE d < 100),"
              + " n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
              + " INSERT INTO bursts SELECT (1700000000000 + d * 86400000 + i * 2) << 22,"
              + " hex(zeroblob(25)) FROM day, n");
      statement.execute(MANY + "INSERT INTO even SELECT i, hex(zeroblob(25)) FROM n");
    }
    try (Session session = Session.openReading(DatabaseFile.locate(file))) {
      List<TableFacts> guessed = tables(session, false);
      TableFacts bursts = table(guessed, "bursts");
      TableFacts even = table(guessed, "even");

      assertThat(bursts.rows().orElseThrow().isLeast()).isTrue();
      assertThat(bursts.rows().orElseThrow().value()).isBetween(1L, 15_000L);
      assertThat(even.rows().orElseThrow().value()).isEqualTo(5_000);
      assertThat((double) even.total() / table(tables(session, true), "even").total())
          .isBetween(0.6, 1.6);
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("ANALYZE");
    }
    try (Session session = Session.openReading(DatabaseFile.locate(file))) {
      assertThat(rows(tables(session, false), "bursts")).isEqualTo(30_000);
    }
  }

  private static TableFacts table(List<TableFacts> tables, String name) {
    return tables.stream()
        .filter(each -> each.name().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static long rows(List<TableFacts> tables, String name) {
    return table(tables, name).rows().orElseThrow().value();
  }

  @Test
  void readsTheTextOfAnIndex() {
    assertThat(IndexDefinition.parse("CREATE INDEX \"i(1)\" ON t (a, b DESC)"))
        .isEqualTo(new IndexDefinition(List.of("a", "b"), ""));
    assertThat(
            IndexDefinition.parse(
                "CREATE INDEX i ON [t (x)] (coalesce(a, ','), /* ) */ lower( b ) COLLATE nocase"
                    + " DESC) WHERE a  IS NOT\n NULL"))
        .isEqualTo(new IndexDefinition(List.of("coalesce(a, ',')", "lower( b )"), "a IS NOT NULL"));
    assertThat(
            IndexDefinition.parse(
                "CREATE UNIQUE INDEX i ON t(a) -- only one\n WHERE/**/v = 'a  -- b' AND w"))
        .isEqualTo(new IndexDefinition(List.of("a"), "v = 'a  -- b' AND w"));
  }
}
