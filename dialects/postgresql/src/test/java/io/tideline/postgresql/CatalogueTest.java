package io.tideline.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Index;
import io.tideline.catalogue.Obstacle;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.catalogue.Trigger;
import io.tideline.dialect.Database;
import io.tideline.dialect.Transaction;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogueTest extends TableCase {
  private static List<String> obstacles(Table table) {
    return table.obstacles().stream().map(Obstacle::what).toList();
  }

  @Test
  void theKeyIsThePrimaryKeyOrTheNarrowestThatServes() throws SQLException {
    postgres.execute(
        "CREATE TABLE a (x int, y int, PRIMARY KEY (y, x))",
        "CREATE TABLE b (x int NOT NULL, y int NOT NULL, UNIQUE (x, y), z text NOT NULL UNIQUE)",
        "CREATE TABLE c (x int PRIMARY KEY DEFERRABLE, y int UNIQUE, z int NOT NULL)",
        "CREATE UNIQUE INDEX ON c (z) WHERE z > 0",
        "CREATE UNIQUE INDEX ON c ((z + 1))",
        "CREATE UNIQUE INDEX d ON c (z) INCLUDE (x)");
    assertThat(postgres.table("a").key().orElseThrow().columns()).containsExactly("y", "x");
    assertThat(postgres.table("b").key().orElseThrow().columns()).containsExactly("z");
    assertThat(postgres.table("c").key().orElseThrow().columns()).containsExactly("z");
    assertThat(postgres.table("c").indexes())
        .contains(new Index("d", List.of("z"), true, false))
        .anyMatch(i -> i.columns().equals(List.of("")) && i.unique())
        .anyMatch(i -> i.partial());
    postgres.execute("DROP INDEX d");
    assertThat(obstacles(postgres.table("c"))).containsExactly("it has no key");
  }

  @Test
  void foreignKeysAreToldFromBothSides() throws SQLException {
    boolean part = Postgres.version() >= 15;
    postgres.execute(
        "CREATE SCHEMA other",
        "CREATE TABLE parent (a int, b int, UNIQUE (b, a), id int PRIMARY KEY, up int REFERENCES parent)",
        "CREATE TABLE other.child (id int PRIMARY KEY, x int, y int,"
            + " CONSTRAINT two FOREIGN KEY (x, y) REFERENCES parent (b, a)"
            + (part ? " ON DELETE SET NULL (x) DEFERRABLE)" : " ON DELETE SET NULL DEFERRABLE)"));
    ForeignKey two =
        new ForeignKey(
            "two",
            new TableName("other", "child"),
            List.of("x", "y"),
            new TableName("public", "parent"),
            List.of("b", "a"),
            "SET NULL",
            part ? List.of("x") : List.of("x", "y"),
            true,
            false,
            true,
            true,
            false);
    assertThat(postgres.table("other", "child").references()).containsExactly(two);
    assertThat(postgres.table("parent").referrers())
        .hasSize(2)
        .contains(two)
        .anyMatch(key -> key.columns().equals(List.of("up")));
  }

  @Test
  void viewsRulesForeignTablesAndHiddenRowsAreObstacles() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (id int PRIMARY KEY)",
        "CREATE VIEW v AS SELECT * FROM t",
        "CREATE MATERIALIZED VIEW m AS SELECT * FROM t",
        "CREATE TABLE r (id int PRIMARY KEY)",
        "CREATE RULE stay AS ON DELETE TO r DO INSTEAD NOTHING",
        "CREATE FOREIGN DATA WRAPPER w",
        "CREATE SERVER s FOREIGN DATA WRAPPER w",
        "CREATE FOREIGN TABLE f (id int) SERVER s",
        "CREATE TEMP TABLE gone (id int)");
    assertThat(obstacles(postgres.table("t"))).isEmpty();
    assertThat(obstacles(postgres.table("v"))).containsExactly("it is a view");
    assertThat(obstacles(postgres.table("m"))).containsExactly("it is a materialised view");
    assertThat(obstacles(postgres.table("f"))).containsExactly("it is a foreign table");
    assertThat(obstacles(postgres.table("r")))
        .containsExactly("the rule stay does something INSTEAD of a DELETE");
    assertThat(postgres.database.catalogue().tables())
        .extracting(t -> t.name().name())
        .containsExactly("f", "m", "r", "t", "v");
  }

  @Test
  void missingRightsNameTheGrant() throws SQLException {
    postgres.execute(
        "CREATE TABLE \"My t\" (id int PRIMARY KEY)",
        "CREATE TABLE secret (id int PRIMARY KEY)",
        "ALTER TABLE secret ENABLE ROW LEVEL SECURITY",
        "DROP ROLE IF EXISTS poor",
        "CREATE ROLE poor LOGIN",
        "GRANT DELETE ON \"My t\" TO poor",
        "GRANT SELECT, UPDATE (id), DELETE ON secret TO poor");
    try (Database database = postgres.open("poor")) {
      Catalogue catalogue = database.catalogue();
      assertThat(database.resolve(catalogue, "My t").obstacles())
          .containsExactly(
              new Obstacle(
                  "the role poor lacks the right to SELECT",
                  "Run as its owner: GRANT SELECT ON \"public\".\"My t\" TO \"poor\";"
                      + " `tideline grants` has all that the policies need."));
      assertThat(obstacles(database.resolve(catalogue, "secret")))
          .containsExactly("row-level security would hide rows from the role poor");
    }
    postgres.execute("DROP OWNED BY poor", "DROP ROLE poor");
  }

  @Test
  void partitionsAndChildren() throws SQLException {
    postgres.execute(
        "CREATE TABLE p (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
        "CREATE TABLE direct (id int REFERENCES p1x) ".replace("REFERENCES p1x", ""),
        "CREATE TABLE refers (id int, at date, FOREIGN KEY (id, at) REFERENCES p)",
        "CREATE TABLE refers1 (id int, at date, FOREIGN KEY (id, at) REFERENCES p1)",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "CREATE TRIGGER of_part BEFORE DELETE ON p1 FOR EACH ROW EXECUTE FUNCTION f()");
    Table root = postgres.table("p");
    assertThat(root.obstacles()).isEmpty();
    assertThat(root.triggers()).containsExactly(new Trigger("of_part", true, false, false));
    assertThat(root.referrers())
        .extracting(ForeignKey::display)
        .containsExactlyInAnyOrder("refers(id, at)", "refers1(id, at)");
    String before = root.fingerprint();
    postgres.execute(
        "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')");
    assertThat(postgres.table("p").fingerprint()).isEqualTo(before);
    postgres.execute(
        "CREATE TRIGGER another BEFORE DELETE ON p2 FOR EACH ROW EXECUTE FUNCTION f()");
    assertThat(postgres.table("p").fingerprint()).isNotEqualTo(before);
  }

  @Test
  void whateverChangesWhatADeleteDoesChangesTheFingerprint() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text, u int)",
        "CREATE TABLE child (id int PRIMARY KEY, t int)",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'");
    String[] changes = {
      "ALTER TABLE t ADD COLUMN w int",
      "ALTER TABLE t ALTER COLUMN v TYPE varchar(10)",
      "ALTER TABLE t RENAME COLUMN w TO w2",
      "ALTER TABLE t ALTER COLUMN v SET NOT NULL",
      "CREATE TRIGGER tr BEFORE DELETE ON t FOR EACH ROW EXECUTE FUNCTION f()",
      "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
      "ALTER TABLE t DISABLE TRIGGER tr",
      "CREATE RULE r AS ON DELETE TO t DO ALSO NOTHING",
      "ALTER TABLE child ADD CONSTRAINT fk FOREIGN KEY (t) REFERENCES t",
      "ALTER TABLE child DROP CONSTRAINT fk, ADD CONSTRAINT fk FOREIGN KEY (t) REFERENCES t ON DELETE CASCADE",
      "ALTER TABLE t DISABLE TRIGGER ALL",
      "ALTER TABLE t ADD FOREIGN KEY (u) REFERENCES child",
      "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
      "ALTER TABLE t DROP CONSTRAINT t_pkey CASCADE",
    };
    Table table = postgres.table("t");
    String last = table.fingerprint();
    for (String change : changes) {
      postgres.execute(change);
      String now = postgres.table("t").fingerprint();
      assertThat(now).as(change).isNotEqualTo(last);
      try (Transaction transaction = writer.begin(List.of())) {
        assertThat(transaction.fingerprint(table.name())).as(change).isEqualTo(now);
      }
      last = now;
    }
    postgres.execute("CREATE INDEX ON t (v)", "INSERT INTO t VALUES (1, 'x')", "ANALYZE t");
    assertThat(postgres.table("t").fingerprint()).isEqualTo(last);
    postgres.execute("DROP TABLE t CASCADE");
    try (Transaction transaction = writer.begin(List.of())) {
      assertThat(transaction.fingerprint(table.name())).isEmpty();
    }
    assertThatThrownBy(() -> writer.begin(List.of(table)))
        .hasMessageContaining("CHANGED".toLowerCase(java.util.Locale.ROOT));
  }

  @Test
  void namesAreFoundAsSpeltThenFoldedThenInAnyCase() throws SQLException {
    postgres.execute(
        "CREATE SCHEMA \"S\"",
        "CREATE TABLE runs (id int PRIMARY KEY, \"Column\" int, dup int, \"DUP\" int)",
        "CREATE TABLE \"Runs2\" (id int)",
        "CREATE TABLE \"S\".\"a.b\" (id int)",
        "CREATE TABLE \"x.y\" (id int)");
    Catalogue catalogue = postgres.database.catalogue();
    for (String[] name :
        new String[][] {
          {"RUNS", "public", "runs"},
          {"runs2", "public", "Runs2"},
          {"\"Runs2\"", "public", "Runs2"},
          {"public.Runs", "public", "runs"},
          {"\"S\".\"a.b\"", "S", "a.b"},
          {"x.y", "public", "x.y"},
        }) {
      assertThat(postgres.database.resolve(catalogue, name[0]).name())
          .isEqualTo(new TableName(name[1], name[2]));
    }
    assertThatThrownBy(() -> postgres.database.resolve(catalogue, "rnus"))
        .hasMessageStartingWith("Cannot find the table 'rnus' in schema public.")
        .hasMessageContaining("Did you mean runs");
    Table runs = postgres.table("runs");
    assertThat(postgres.database.resolveColumn(runs, "column")).isEqualTo("Column");
    assertThat(postgres.database.resolveColumn(runs, "DUP")).isEqualTo("DUP");
    assertThatThrownBy(() -> postgres.database.resolveColumn(runs, "colum"))
        .hasMessageContaining("Did you mean Column?");
  }
}
