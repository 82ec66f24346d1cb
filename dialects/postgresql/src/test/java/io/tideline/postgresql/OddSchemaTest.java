package io.tideline.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Obstacle;
import io.tideline.catalogue.Partition;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Database;
import io.tideline.dialect.Removal;
import io.tideline.dialect.Transaction;
import io.tideline.error.TidelineException;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Schemas that nobody would make, and somebody has. */
class OddSchemaTest extends TableCase {
  private static final String SAME = "x".repeat(62);
  private static final List<String> NAMES =
      List.of(
          "select",
          "a.b",
          "public.t",
          "with \"quotes\"",
          "it's",
          "%s %d %n",
          "\"; DROP TABLE other; --",
          "Ünïcödé 表 \uD83C\uDF0A",
          "new\nline",
          "?1 :name $1 ?",
          "MiXeD",
          "mixed",
          " ",
          "back\\slash",
          "{fn now()}",
          SAME + "1",
          SAME + "2");

  private static List<String> obstacles(Table table) {
    return table.obstacles().stream().map(Obstacle::what).toList();
  }

  @Test
  void namesAreOnlyNames() throws SQLException {
    postgres.execute("CREATE TABLE other (id int PRIMARY KEY)");
    for (String name : NAMES) {
      String quoted = Sql.quote(name);
      postgres.execute(
          "CREATE TABLE "
              + quoted
              + " ("
              + quoted
              + " int PRIMARY KEY, v text, up int REFERENCES "
              + quoted
              + ")",
          "INSERT INTO " + quoted + " VALUES (1, 'x', NULL), (2, 'y', 1)");
    }
    for (String name : NAMES) {
      Table table = postgres.table(name);
      assertThat(table.key().orElseThrow().columns()).as(name).containsExactly(name);
      assertThat(table.referrers()).as(name).hasSize(1).allMatch(ForeignKey::selfReference);
      assertThat(obstacles(table)).as(name).isEmpty();
      assertThat(postgres.database.resolve(postgres.database.catalogue(), Sql.quote(name)).name())
          .isEqualTo(new TableName("public", name));
      assertThat(read(scan(table, List.of(column(name), column("v")))))
          .as(name)
          .containsExactly("1, x", "2, y");
      assertThat(removed(table, name, 2)).as(name).isEqualTo(1);
    }
    assertThat(postgres.query("SELECT count(*) FROM other")).containsExactly("0");
  }

  private long removed(Table table, String column, long id) {
    try (Transaction transaction = writer.begin(List.of(table))) {
      long count =
          transaction.removeKeys(
              table, keys(id), List.of(), List.of(column(column)), new Removal.Delete(), r -> true);
      transaction.commit(false);
      return count;
    }
  }

  @Test
  void oneNameInSeveralSchemas() throws SQLException {
    postgres.execute(
        "CREATE SCHEMA a",
        "CREATE SCHEMA \"A\"",
        "CREATE TABLE t (id int PRIMARY KEY)",
        "CREATE TABLE a.t (id int PRIMARY KEY, p int REFERENCES public.t)",
        "CREATE TABLE \"A\".t (id int PRIMARY KEY, p int REFERENCES a.t)",
        "CREATE TABLE \"A\".\"T\" (id int PRIMARY KEY)");
    assertThat(postgres.table("t").referrers())
        .extracting(ForeignKey::display)
        .containsExactly("a.t(p)");
    assertThat(postgres.table("a", "t").referrers())
        .extracting(ForeignKey::display)
        .containsExactly("A.t(p)");
    assertThat(postgres.table("A", "T").referrers()).isEmpty();
    assertThat(postgres.database.resolve(postgres.database.catalogue(), "\"A\".t").name())
        .isEqualTo(new TableName("A", "t"));
    assertThat(postgres.database.resolve(postgres.database.catalogue(), "A.t").name())
        .isEqualTo(new TableName("A", "t"));
  }

  @Test
  void partitionsAreToldWithTheirBounds() throws SQLException {
    postgres.execute(
        "CREATE SCHEMA parts",
        "CREATE TABLE p (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
        "CREATE TABLE p24 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
        "CREATE TABLE parts.p25 PARTITION OF p FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')"
            + " PARTITION BY LIST (id)",
        "CREATE TABLE p25_1 PARTITION OF parts.p25 FOR VALUES IN (1, 2)",
        "CREATE TABLE rest PARTITION OF p DEFAULT");
    List<Partition> partitions = postgres.table("p").partitions();
    assertThat(partitions)
        .extracting(Partition::name, Partition::bounds, Partition::divided, Partition::takesTheRest)
        .containsExactly(
            tuple(
                new TableName("parts", "p25"),
                "FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
                true,
                false),
            tuple(
                new TableName("public", "p24"),
                "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
                false,
                false),
            tuple(new TableName("public", "rest"), "DEFAULT", false, true));
    assertThat(postgres.query("SELECT 'p24'::regclass::oid"))
        .containsExactly(String.valueOf(partitions.get(1).id()));
    assertThat(postgres.table("parts", "p25").partitions())
        .extracting(Partition::bounds)
        .containsExactly("FOR VALUES IN (1, 2)");
    assertThat(postgres.table("rest").partitions()).isEmpty();
    assertThat(obstacles(postgres.table("rest"))).isEmpty();
  }

  @Test
  void childrenByInheritanceAreTablesOfTheirOwn() throws SQLException {
    postgres.execute(
        "CREATE TABLE mother (id int PRIMARY KEY)",
        "CREATE TABLE daughter (PRIMARY KEY (id)) INHERITS (mother)",
        "CREATE TABLE bare () INHERITS (mother)",
        "INSERT INTO mother VALUES (1)",
        "INSERT INTO daughter VALUES (1), (2)");
    Table mother = postgres.table("mother");
    assertThat(mother.partitions()).isEmpty();
    assertThat(reader.count(mother, List.of())).isEqualTo(1);
    assertThat(remove(scan(mother, List.of(column("id"))))).containsExactly("1");
    assertThat(reader.count(postgres.table("daughter"), List.of())).isEqualTo(2);
    assertThat(obstacles(postgres.table("bare"))).containsExactly("it has no key");
  }

  @Test
  void publishedTablesWithoutIdentityAreInTheWay() throws SQLException {
    postgres.execute(
        "CREATE TABLE keyed (id int PRIMARY KEY)",
        "CREATE TABLE unique_only (id int NOT NULL UNIQUE)",
        "CREATE TABLE nothing (id int PRIMARY KEY)",
        "ALTER TABLE nothing REPLICA IDENTITY NOTHING",
        "CREATE TABLE unpublished (id int NOT NULL UNIQUE)",
        "CREATE TABLE p (id int NOT NULL) PARTITION BY LIST (id)",
        "CREATE UNIQUE INDEX ON p (id)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
        "CREATE PUBLICATION pub FOR TABLE keyed, unique_only, nothing, p"
            + " WITH (publish_via_partition_root = true)",
        "CREATE PUBLICATION inserts FOR TABLE unpublished WITH (publish = 'insert')");
    String way = "a publication publishes its deletes, and it has no replica identity";
    assertThat(obstacles(postgres.table("keyed"))).isEmpty();
    assertThat(obstacles(postgres.table("unpublished"))).isEmpty();
    for (String table : List.of("unique_only", "nothing", "p", "p1")) {
      assertThat(obstacles(postgres.table(table))).as(table).containsExactly(way);
    }
    assertThat(postgres.table("nothing").obstacles().get(0).mend())
        .isEqualTo(
            "Run as its owner: ALTER TABLE \"public\".\"nothing\" REPLICA IDENTITY FULL; or name an"
                + " index with USING INDEX.");
    assertThatThrownBy(() -> postgres.execute("DELETE FROM p"))
        .hasMessageContaining("does not have a replica identity");
    postgres.execute("ALTER TABLE unique_only REPLICA IDENTITY USING INDEX unique_only_id_key");
    assertThat(obstacles(postgres.table("unique_only"))).isEmpty();
  }

  @Test
  void hiddenRowsFailLoudly() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (id int PRIMARY KEY, who text)",
        "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY mine ON t USING (who = 'a')",
        "DROP ROLE IF EXISTS blind",
        "CREATE ROLE blind LOGIN",
        "GRANT SELECT, UPDATE, DELETE ON t TO blind");
    assertThat(obstacles(postgres.table("t"))).isEmpty();
    try (Database database = postgres.open("blind");
        io.tideline.dialect.Reader blind = database.openReader()) {
      Table table = database.resolve(database.catalogue(), "t");
      assertThat(table.obstacles())
          .containsExactly(
              new Obstacle(
                  "row-level security would hide rows from the role blind",
                  "Run as its owner: ALTER ROLE \"blind\" BYPASSRLS;"));
      assertThatThrownBy(() -> blind.count(table, List.of()))
          .isInstanceOf(TidelineException.class)
          .hasMessageContaining("query would be affected by row-level security policy");
    } finally {
      postgres.execute("DROP OWNED BY blind", "DROP ROLE blind");
    }
  }

  @Test
  void unloggedTablesAndRulesThatAddAreNotInTheWay() throws SQLException {
    postgres.execute(
        "CREATE UNLOGGED TABLE u (id int PRIMARY KEY)",
        "CREATE TABLE r (id int PRIMARY KEY)",
        "CREATE TABLE log (id int)",
        "CREATE RULE also AS ON DELETE TO r DO ALSO INSERT INTO log VALUES (old.id)",
        "CREATE TABLE c (id int PRIMARY KEY)",
        "CREATE RULE sometimes AS ON DELETE TO c WHERE old.id > 5 DO INSTEAD NOTHING",
        "CREATE TABLE off (id int PRIMARY KEY)",
        "CREATE RULE never AS ON DELETE TO off DO INSTEAD NOTHING",
        "ALTER TABLE off DISABLE RULE never");
    for (String table : List.of("u", "r", "off")) {
      assertThat(obstacles(postgres.table(table))).as(table).isEmpty();
    }
    assertThat(obstacles(postgres.table("c")))
        .containsExactly("the rule sometimes does something INSTEAD of a DELETE");
    assertThat(postgres.table("r").firesOnDelete()).isTrue();
    assertThat(postgres.table("off").firesOnDelete()).isFalse();
  }

  @Test
  void whatDecidesChangesTheFingerprint() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v int NOT NULL UNIQUE)",
        "CREATE TABLE p (id int NOT NULL, v int NOT NULL) PARTITION BY RANGE (id)",
        "CREATE TABLE parent (id int NOT NULL, v int NOT NULL)",
        "CREATE TABLE child (t int, PRIMARY KEY (t))",
        "ALTER TABLE child ADD CONSTRAINT fk FOREIGN KEY (t) REFERENCES t NOT VALID",
        "DROP ROLE IF EXISTS another",
        "CREATE ROLE another");
    String[] changes = {
      "ALTER TABLE child VALIDATE CONSTRAINT fk",
      "ALTER TABLE child ALTER CONSTRAINT fk DEFERRABLE INITIALLY DEFERRED",
      "ALTER TABLE child DROP CONSTRAINT fk",
      "ALTER TABLE t SET UNLOGGED",
      "ALTER TABLE t SET LOGGED",
      "ALTER TABLE t REPLICA IDENTITY FULL",
      "ALTER TABLE t REPLICA IDENTITY USING INDEX t_v_key",
      "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
      "CREATE POLICY hide ON t USING (id > 1)",
      "ALTER POLICY hide ON t USING (id > 2)",
      "ALTER TABLE t FORCE ROW LEVEL SECURITY",
      "ALTER TABLE t DISABLE ROW LEVEL SECURITY",
      "ALTER TABLE t INHERIT parent",
      "ALTER TABLE t NO INHERIT parent",
      "ALTER TABLE p ATTACH PARTITION t FOR VALUES FROM (1) TO (10)",
      "ALTER TABLE p DETACH PARTITION t",
      "ALTER TABLE p ATTACH PARTITION t FOR VALUES FROM (1) TO (11)",
      "ALTER TABLE p DETACH PARTITION t",
      "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING",
      "ALTER TABLE t DISABLE RULE r",
      "ALTER TABLE t ADD COLUMN g int GENERATED ALWAYS AS (id + 1) STORED",
      "ALTER TABLE t ALTER COLUMN v ADD GENERATED ALWAYS AS IDENTITY",
      "CREATE UNIQUE INDEX partial ON t (g) WHERE g > 1",
      "ALTER TABLE t OWNER TO another",
    };
    String last = postgres.table("t").fingerprint();
    for (String change : changes) {
      postgres.execute(change);
      String now = postgres.table("t").fingerprint();
      assertThat(now).as(change).isNotEqualTo(last);
      last = now;
    }
    postgres.execute("DROP OWNED BY another CASCADE", "DROP ROLE another");
  }

  @Test
  void rightsChangeTheFingerprintOfThatRoleOnly() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (id int PRIMARY KEY)",
        "DROP ROLE IF EXISTS weak",
        "CREATE ROLE weak LOGIN");
    String owners = postgres.table("t").fingerprint();
    try (Database database = postgres.open("weak")) {
      String last = database.resolve(database.catalogue(), "t").fingerprint();
      for (String change :
          List.of(
              "GRANT SELECT ON t TO weak",
              "GRANT DELETE ON t TO weak",
              "GRANT UPDATE (id) ON t TO weak",
              "REVOKE USAGE ON SCHEMA public FROM PUBLIC")) {
        postgres.execute(change);
        String now = database.resolve(database.catalogue(), "t").fingerprint();
        assertThat(now).as(change).isNotEqualTo(last);
        last = now;
      }
      assertThat(obstacles(database.resolve(database.catalogue(), "t")))
          .containsExactly("the role weak lacks the right to USAGE of the schema public");
    } finally {
      postgres.execute("DROP OWNED BY weak", "DROP ROLE weak");
    }
    assertThat(postgres.table("t").fingerprint()).isEqualTo(owners);
  }
}
