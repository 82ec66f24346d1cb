package io.tideline.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.dialect.Newest;
import io.tideline.dialect.Range;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.Removal;
import io.tideline.dialect.Scan;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.policy.Predicate;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TransactionTest extends TableCase {
  private static final Item ID = column("id");
  private static final Removal DELETE = new Removal.Delete();
  private static final TableName ARCHIVE = new TableName("public", "t_archive");

  private Table simple() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 10) i");
    return postgres.table("t");
  }

  private static Condition where(String sql) {
    return new Condition.IsTrue(new Predicate(sql), new Row(2));
  }

  private void trigger(String when, String body) throws SQLException {
    postgres.execute(
        "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            + body
            + " END $$",
        "CREATE TRIGGER tr " + when + " FOR EACH ROW EXECUTE FUNCTION f()");
  }

  @Test
  void aRangeIsRemovedAndEachRowGiven() throws SQLException {
    Table table = simple();
    Scan scan = scan(table, List.of(ID, column("v")), where("id <> 3"));
    Range range =
        new Range(List.of("id"), Optional.of(Row.ofInteger(1)), Optional.of(Row.ofInteger(4)));
    assertThat(remove(scan.over(range))).containsExactly("2, v2", "4, v4");
    assertThat(postgres.query("SELECT id FROM t WHERE id < 6 ORDER BY 1"))
        .containsExactly("1", "3", "5");
  }

  @Test
  void withoutCommitNothingIsRemoved() throws SQLException {
    Table table = simple();
    try (Transaction transaction = writer.begin(List.of(table))) {
      assertThat(transaction.removeRange(scan(table, List.of(ID)), DELETE, row -> false))
          .isEqualTo(1);
    }
    try (Transaction transaction = writer.begin(List.of(table))) {
      assertThat(transaction.removeRange(scan(table, List.of(ID)), DELETE, row -> true))
          .isEqualTo(10);
      assertThat(transaction.rowsLost()).containsExactly(Map.entry(table.name(), 10L));
    }
    assertThat(postgres.query("SELECT count(*) FROM t")).containsExactly("10");
  }

  @Test
  void fortyThousandKeys() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (a uuid, b text, PRIMARY KEY (a, b))",
        "INSERT INTO t SELECT md5(i::text)::uuid, 'k' || i FROM generate_series(1, 40000) i");
    Table table = postgres.table("t");
    PackedRows keys = new PackedRows(2);
    Scan scan = scan(table, List.of(column("a"), column("b")));
    reader.scan(
        scan,
        Integer.MAX_VALUE,
        row -> {
          keys.add(row, 0);
          return true;
        });
    try (Transaction transaction = writer.begin(List.of(table))) {
      List<Row> locked = new ArrayList<>();
      transaction.lookUp(table, keys, List.of(), row -> locked.add(Postgres.copy(row)));
      assertThat(locked).hasSize(40_000);
      assertThat(locked.get(7)).isEqualTo(keys.get(7));
      long removed =
          transaction.removeKeys(
              table, keys, List.of(where("b <> 'k7'")), List.of(), DELETE, row -> true);
      assertThat(removed).isEqualTo(39_999);
      transaction.commit(true);
    }
    assertThat(postgres.query("SELECT b FROM t")).containsExactly("k7");
  }

  @Test
  void movedRowsLieInTheArchiveTable() throws SQLException {
    Table table = simple();
    assertThat(writer.alignArchiveTable(table, ARCHIVE))
        .containsExactly("Made the table t_archive.");
    assertThat(writer.alignArchiveTable(table, ARCHIVE)).isEmpty();
    Removal move = new Removal.Move(ARCHIVE, Instant.parse("2024-05-01T10:00:00.5Z"));
    assertThat(remove(scan(table, List.of(ID), where("id < 3")), move)).containsExactly("1", "2");
    try (Transaction transaction = writer.begin(List.of(table))) {
      transaction.removeKeys(table, keys(5, 77), List.of(), List.of(ID), move, row -> true);
      assertThat(transaction.rowsLost()).containsExactly(Map.entry(table.name(), 1L));
      transaction.commit(false);
    }
    postgres.execute("SET TimeZone = 'UTC'");
    assertThat(postgres.query("SELECT id, v, archived_at FROM t_archive ORDER BY id"))
        .containsExactly(
            "1|v1|2024-05-01 10:00:00.5+00",
            "2|v2|2024-05-01 10:00:00.5+00",
            "5|v5|2024-05-01 10:00:00.5+00");
    trigger("BEFORE INSERT ON t_archive", "IF NEW.id = 6 THEN RETURN NULL; END IF; RETURN NEW;");
    assertThatThrownBy(() -> remove(scan(table, List.of(ID)), move))
        .isInstanceOf(SurpriseException.class)
        .hasMessage("7 rows of t were listed and 6 were moved");
    assertThat(postgres.query("SELECT count(*) FROM t")).containsExactly("7");
  }

  @Test
  void tablesWithRulesAreCleanedUnderALock() throws SQLException {
    Table plain = simple();
    postgres.execute(
        "CREATE TABLE log (id int)",
        "CREATE RULE also AS ON DELETE TO t DO ALSO INSERT INTO log VALUES (OLD.id)",
        "CREATE RULE ins AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (-NEW.id)");
    Table table = postgres.table("t");
    assertThat(table.firesOnDelete()).isTrue();
    assertThat(table.fingerprint()).isNotEqualTo(plain.fingerprint());
    writer.alignArchiveTable(table, ARCHIVE);
    assertThat(remove(scan(table, List.of(ID, column("v")), where("id < 3"))))
        .containsExactly("1, v1", "2, v2");
    remove(scan(table, List.of(ID), where("id = 3")), new Removal.Move(ARCHIVE, Instant.EPOCH));
    List<Row> rows = new ArrayList<>();
    try (Transaction transaction = writer.begin(List.of(table))) {
      assertThat(
              transaction.removeKeys(
                  table,
                  keys(4, 5),
                  List.of(),
                  Postgres.all(table).items(),
                  DELETE,
                  row -> rows.add(Postgres.copy(row))))
          .isEqualTo(2);
      assertThat(transaction.insert(table, List.of("id", "v"), Postgres.source(rows))).isEqualTo(2);
      transaction.commit(false);
    }
    assertThat(postgres.query("SELECT id FROM t ORDER BY 1"))
        .containsExactly("4", "5", "6", "7", "8", "9", "10");
    assertThat(postgres.query("SELECT id FROM t_archive")).containsExactly("3");
    assertThat(postgres.query("SELECT count(*) FROM log WHERE id < 0")).containsExactly("2");
  }

  @Test
  void whatTriggersDoIsSeen() throws SQLException {
    Table plain = simple();
    trigger(
        "BEFORE DELETE ON t",
        "IF OLD.id = 1 THEN RETURN NULL; END IF;"
            + " IF OLD.id = 2 THEN RAISE 'no: %', OLD.id; END IF; RETURN OLD;");
    Table table = postgres.table("t");
    assertThat(table.fingerprint()).isNotEqualTo(plain.fingerprint());
    assertThat(remove(scan(table, List.of(ID), where("id IN (1, 3)")))).containsExactly("3");
    Scan all = scan(table, List.of(ID));
    assertThatThrownBy(() -> remove(all))
        .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.passing()).isFalse())
        .hasMessage("no: 2");
    postgres.execute("DROP TRIGGER tr ON t", "CREATE TABLE other (id int PRIMARY KEY)");
    postgres.execute("INSERT INTO other VALUES (8)");
    trigger(
        "AFTER DELETE ON t",
        "DELETE FROM other WHERE id = OLD.id; IF OLD.id = 9 THEN"
            + " INSERT INTO t VALUES (OLD.id, OLD.v); END IF; RETURN NULL;");
    table = postgres.table("t");
    try (Transaction transaction = writer.begin(List.of(table))) {
      transaction.removeKeys(table, keys(8, 9), List.of(), List.of(ID), DELETE, row -> true);
      assertThat(transaction.rowsLost())
          .containsOnly(
              Map.entry(table.name(), 2L), Map.entry(new TableName("public", "other"), 1L));
      List<String> live = new ArrayList<>();
      transaction.lookUp(table, keys(8, 9), List.of(), row -> live.add(row.display()));
      assertThat(live).containsExactly("9");
    }
    // The server's counters may still hold what the transaction before did.
    try (Transaction transaction = writer.begin(List.of(table))) {
      transaction.removeKeys(table, keys(10), List.of(), List.of(ID), DELETE, row -> true);
      assertThat(transaction.rowsLost()).containsOnly(Map.entry(table.name(), 1L));
    }
  }

  @Test
  void cascadesAndPartitionsAreCounted() throws SQLException {
    postgres.execute(
        "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (5)",
        "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (5) TO (100)",
        "CREATE TABLE child (id int PRIMARY KEY, p int REFERENCES p ON DELETE CASCADE)",
        "INSERT INTO p SELECT generate_series(1, 10)",
        "INSERT INTO child SELECT i, i FROM generate_series(1, 3) i");
    Table root = postgres.table("p");
    try (Transaction transaction = writer.begin(List.of(root))) {
      assertThat(transaction.removeRange(scan(root, List.of(ID)), DELETE, row -> true))
          .isEqualTo(10);
      assertThat(transaction.rowsLost())
          .containsOnly(
              Map.entry(root.name(), 10L), Map.entry(new TableName("public", "child"), 3L));
      transaction.commit(true);
    }
    assertThat(postgres.query("SELECT (SELECT count(*) FROM p), (SELECT count(*) FROM child)"))
        .containsExactly("0|0");
  }

  @Test
  void inheritedChildrenAreTablesOfTheirOwn() throws SQLException {
    Table table = simple();
    postgres.execute("CREATE TABLE sub () INHERITS (t)", "INSERT INTO sub VALUES (1, 'sub')");
    assertThat(remove(scan(table, List.of(ID), where("id = 1")))).containsExactly("1");
    assertThat(postgres.query("SELECT v FROM sub")).containsExactly("sub");
    assertThat(reader.count(table, List.of())).isEqualTo(9);
  }

  @Test
  void identityAndGeneratedColumnsAreRestored() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            + " g int GENERATED ALWAYS AS (id * 2) STORED, s serial, v text)",
        "INSERT INTO t (v) VALUES ('a'), (NULL), (E'\\\\.')");
    Table table = postgres.table("t");
    List<Row> rows = new ArrayList<>();
    reader.scan(Postgres.all(table), 10, row -> rows.add(Postgres.copy(row)));
    assertThat(rows.get(0).width()).isEqualTo(3);
    List<String> before = postgres.query("SELECT * FROM t ORDER BY id");
    postgres.execute("TRUNCATE t RESTART IDENTITY");
    try (Transaction transaction = writer.begin(List.of(table))) {
      transaction.insert(table, Postgres.archived(table), Postgres.source(rows));
      transaction.checkConstraints();
      transaction.commit(true);
    }
    assertThat(postgres.query("SELECT * FROM t ORDER BY id")).isEqualTo(before);
    writer.advanceCounters(table);
    writer.advanceCounters(table);
    postgres.execute("INSERT INTO t (v) VALUES ('next')");
    assertThat(postgres.query("SELECT id, s FROM t WHERE v = 'next'")).containsExactly("4|4");
  }

  @Test
  void refusalsNameNoValues() throws SQLException {
    Table table = simple();
    postgres.execute(
        "CREATE TABLE child (id int PRIMARY KEY, t int REFERENCES t DEFERRABLE INITIALLY DEFERRED)",
        "INSERT INTO child VALUES (1, 4)");
    Table referred = postgres.table("t");
    Row row = new Row(2);
    row.setInteger(0, 7);
    row.setText(1, new byte[] {'s'});
    try (Transaction transaction = writer.begin(List.of(referred))) {
      assertThatThrownBy(
              () -> transaction.insert(referred, List.of("id", "v"), Postgres.source(List.of(row))))
          .isInstanceOf(RefusedException.class)
          .hasMessage("duplicate key value violates unique constraint \"t_pkey\"");
    }
    try (Transaction transaction = writer.begin(List.of(referred))) {
      transaction.removeKeys(referred, keys(4), List.of(), List.of(ID), DELETE, r -> true);
      assertThatThrownBy(transaction::checkConstraints)
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("violates foreign key constraint")
          .hasMessageNotContaining("4");
    }
    try (Transaction transaction = writer.begin(List.of(referred))) {
      transaction.removeKeys(referred, keys(4), List.of(), List.of(ID), DELETE, r -> true);
      assertThatThrownBy(() -> transaction.commit(true)).isInstanceOf(RefusedException.class);
    }
    assertThat(postgres.query("SELECT count(*) FROM t")).containsExactly("10");
    assertThat(table.name()).isEqualTo(referred.name());
  }

  @Test
  void theNewestRowsStayUntilTheEnd() throws SQLException {
    Table table = simple();
    PackedRows groups = new PackedRows(1);
    groups.add(Row.ofText("v1"), 0);
    Newest newest = new Newest(table, ID, List.of(column("v")), groups, 1);
    try (Transaction transaction = writer.begin(List.of(table))) {
      List<String> found = new ArrayList<>();
      transaction.newest(newest, row -> found.add(row.display()));
      assertThat(found).containsExactly("0, 1, 1");
      postgres.execute("SET lock_timeout = '100ms'");
      assertThatThrownBy(() -> postgres.execute("DELETE FROM t WHERE id = 1"))
          .hasMessageContaining("lock timeout");
      postgres.execute("DELETE FROM t WHERE id = 2");
    }
  }

  @Test
  void archiveTablesFollowOrAreRefused() throws SQLException {
    postgres.execute(
        "CREATE TYPE mood AS ENUM ('sad')",
        "CREATE DOMAIN d AS varchar(5) NOT NULL",
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, m mood NOT NULL,"
            + " c char(5) DEFAULT 'x', n numeric(10,2), v varchar(5), dd d,"
            + " g int GENERATED ALWAYS AS (1) STORED)");
    writer.alignArchiveTable(postgres.table("t"), ARCHIVE);
    Table archive = postgres.table("t_archive");
    assertThat(archive.columns())
        .extracting(c -> c.name() + " " + c.declaredType() + " " + c.nullable() + " " + c.origin())
        .containsExactly(
            "id integer true STORED",
            "m public.mood true STORED",
            "c character(5) true STORED",
            "n numeric(10,2) true STORED",
            "v character varying(5) true STORED",
            "dd character varying(5) true STORED",
            "archived_at timestamp with time zone true STORED");
    postgres.execute("ALTER TABLE t ADD COLUMN x bigint, ALTER COLUMN v TYPE varchar(9)");
    assertThat(writer.alignArchiveTable(postgres.table("t"), ARCHIVE))
        .containsExactly(
            "Widened the column v of the table t_archive to character varying(9).",
            "Added the column x to the table t_archive.");
    for (String[] change :
        new String[][] {
          {"ALTER TABLE t ALTER COLUMN x TYPE int", "its column x is of type bigint, not integer"},
          {
            "ALTER TABLE t ALTER COLUMN x TYPE bigint; CREATE UNIQUE INDEX u ON t_archive (x)",
            "the index u is unique"
          },
          {"DROP INDEX u; ALTER TABLE t_archive ADD CHECK (x > 0)", "it has constraints"},
          {
            "ALTER TABLE t_archive DROP CONSTRAINT t_archive_x_check, ALTER COLUMN id SET NOT NULL",
            "its column id is NOT NULL, generated or an identity"
          },
          {"DROP TABLE t_archive; CREATE VIEW t_archive AS SELECT 1", "it is a view"},
          {"ALTER TABLE t ADD COLUMN archived_at date", "has a column archived_at of its own"},
        }) {
      postgres.execute(change[0]);
      Table source = postgres.table("t");
      assertThatThrownBy(() -> writer.alignArchiveTable(source, ARCHIVE))
          .hasMessageContaining(change[1]);
    }
  }
}
