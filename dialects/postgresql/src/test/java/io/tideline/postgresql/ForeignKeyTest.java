package io.tideline.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Obstacle;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForeignKeyTest extends TableCase {
  private ForeignKey key(String name) {
    return postgres.database.catalogue().tables().stream()
        .flatMap(table -> table.references().stream())
        .filter(key -> key.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void allThatTheSchemaSaysOfAKeyIsTold() throws SQLException {
    boolean part = Postgres.version() >= 15;
    postgres.execute(
        "CREATE SCHEMA other",
        "CREATE TABLE parent (a int, b int, c text, PRIMARY KEY (a, b), UNIQUE (b, c))",
        "CREATE UNIQUE INDEX ON parent (c, a)",
        "CREATE TABLE other.parent (a int PRIMARY KEY)",
        "CREATE TABLE child (x int, y int, z text,"
            + " CONSTRAINT omitted FOREIGN KEY (y, x) REFERENCES parent ON DELETE CASCADE,"
            + " CONSTRAINT part FOREIGN KEY (x, y) REFERENCES parent ON DELETE SET NULL"
            + (part ? " (y)," : ",")
            + " CONSTRAINT every FOREIGN KEY (x, y) REFERENCES parent ON DELETE SET DEFAULT,"
            + " CONSTRAINT constrained FOREIGN KEY (z, x) REFERENCES parent (c, b) MATCH FULL"
            + " DEFERRABLE,"
            + " CONSTRAINT indexed FOREIGN KEY (z, x) REFERENCES parent (c, a)"
            + " DEFERRABLE INITIALLY DEFERRED,"
            + " CONSTRAINT away FOREIGN KEY (x) REFERENCES other.parent ON DELETE RESTRICT)",
        "ALTER TABLE child ADD CONSTRAINT later FOREIGN KEY (y) REFERENCES other.parent NOT VALID");
    assertThat(key("omitted").columns()).containsExactly("y", "x");
    assertThat(key("omitted").toColumns()).containsExactly("a", "b");
    assertThat(key("omitted").onDelete()).isEqualTo("CASCADE");
    assertThat(key("omitted").setColumns()).isEmpty();
    assertThat(key("part").setColumns()).isEqualTo(part ? List.of("y") : List.of("x", "y"));
    assertThat(key("every").setColumns()).containsExactly("x", "y");
    assertThat(key("constrained"))
        .isEqualTo(
            new ForeignKey(
                "constrained",
                new TableName("public", "child"),
                List.of("z", "x"),
                new TableName("public", "parent"),
                List.of("c", "b"),
                "NO ACTION",
                List.of(),
                true,
                false,
                true,
                true,
                true));
    assertThat(key("indexed").toColumns()).containsExactly("c", "a");
    assertThat(key("indexed").initiallyDeferred()).isTrue();
    assertThat(key("indexed").matchFull()).isFalse();
    assertThat(key("away").to()).isEqualTo(new TableName("other", "parent"));
    assertThat(key("away").deferrable()).isFalse();
    assertThat(key("later").validated()).isFalse();
    assertThat(key("later").enforced()).isTrue();
  }

  @Test
  void aKeyWhoseTriggersAreDisabledIsNotEnforced() throws SQLException {
    postgres.execute(
        "CREATE TABLE parent (id int PRIMARY KEY)",
        "CREATE TABLE child (id int PRIMARY KEY, p int CONSTRAINT fk REFERENCES parent)",
        "ALTER TABLE parent DISABLE TRIGGER ALL");
    assertThat(key("fk").enforced()).isFalse();
    postgres.execute("ALTER TABLE parent ENABLE TRIGGER ALL");
    assertThat(key("fk").enforced()).isTrue();
  }

  @Test
  void declaredRelationsAreNotEnforced() {
    ForeignKey declared =
        ForeignKey.declared(
            new TableName("public", "a"),
            List.of("x", "y"),
            new TableName("public", "b"),
            List.of("u", "v"));
    assertThat(declared.enforced()).isFalse();
    assertThat(declared.validated()).isFalse();
    assertThat(declared.onDelete()).isEqualTo("NO ACTION");
    assertThat(declared.display()).isEqualTo("a(x, y)");
    assertThat(declared.broken()).isFalse();
    assertThat(declared.selfReference()).isFalse();
  }

  @Test
  void uniqueIndexesOfOtherCollationsAreNoKeys() throws SQLException {
    postgres.execute(
        "CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        "CREATE TABLE t (k text COLLATE folded NOT NULL, v int)",
        "CREATE UNIQUE INDEX i ON t (k COLLATE \"C\")",
        "INSERT INTO t VALUES ('a', 1), ('A', 2)");
    Table table = postgres.table("t");
    assertThat(table.key()).isEmpty();
    assertThat(table.indexes().get(0).columns()).containsExactly("");
    assertThat(table.indexes().get(0).serves(List.of("k"))).isFalse();
    assertThat(table.obstacles()).extracting(Obstacle::what).containsExactly("it has no key");
    postgres.execute("DELETE FROM t WHERE v = 2", "CREATE UNIQUE INDEX j ON t (k)");
    assertThat(postgres.table("t").key().orElseThrow().columns()).containsExactly("k");
  }
}
