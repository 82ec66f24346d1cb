package io.tideline.testkit.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.dialect.Examination;
import io.tideline.health.Activity.Opener;
import io.tideline.health.Check;
import io.tideline.health.Finding;
import io.tideline.health.Inspection;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import io.tideline.health.TableHealth;
import io.tideline.maintenance.inspect.Trouble;
import io.tideline.testkit.SqliteTestDatabase;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Each defect planted in a file is found, and gone when its remedy was typed. */
class SqliteFindingsTest {
  private static final String MANY =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) ";

  @TempDir Path folder;
  private SqliteTestDatabase database;
  private Patient patient;

  @BeforeEach
  void open() {
    database = SqliteTestDatabase.create(folder);
    patient = new Patient(database.url());
  }

  private static String many(int rows) {
    return MANY.formatted(Integer.toString(rows));
  }

  private void isFoundAndMended(Check check, Severity severity) throws Exception {
    Finding finding = patient.finds(check, severity);
    try (Connection connection = database.connect()) {
      patient.isMendedBy(connection, finding);
    }
  }

  @Test
  void aHealthyFileHasNoWarning() {
    database.execute(
        "CREATE TABLE accounts (id TEXT PRIMARY KEY NOT NULL, email TEXT NOT NULL UNIQUE)",
        "CREATE TABLE logs (id INTEGER PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts (id),"
            + " at TEXT NOT NULL, text TEXT)",
        "CREATE INDEX logs_account_at ON logs (account, at)",
        "CREATE INDEX logs_at ON logs (at DESC)",
        "CREATE INDEX logs_lower ON logs (lower(text)) WHERE text IS NOT NULL",
        "INSERT INTO accounts VALUES ('a', 'a@b')",
        many(20_000)
            + "INSERT INTO logs SELECT i, 'a', datetime('2026-01-01', i || ' minutes'), 'text' || i"
            + " FROM n",
        "ANALYZE");
    Inspection inspection = patient.inspect(new Examination(true, true, Patient.SMALL));

    assertThat(inspection.findings())
        .filteredOn(each -> each.severity() != Severity.INFO)
        .isEmpty();
    assertThat(inspection.unseen()).isEmpty();
    TableHealth logs = inspection.tables().get(0);
    assertThat(logs.size().name().name()).isEqualTo("logs");
    assertThat(logs.size().rows().orElseThrow().value()).isEqualTo(20_000);
    assertThat(logs.size().rows().orElseThrow().isExact()).isTrue();
    assertThat(logs.ages().orElseThrow().oldest()).isEqualTo("2026-01-01T00:01:00Z");
    assertThat(logs.ages().orElseThrow().newest()).isEqualTo("2026-01-14T21:20:00Z");
    assertThat(logs.ages().orElseThrow().exact()).isTrue();
    assertThat(
            inspection.tables().stream().mapToLong(each -> each.size().total()).sum()
                + inspection.storage().size().free())
        .isBetween(
            inspection.storage().size().total() - 10 * 4096, inspection.storage().size().total());
    database.execute("DROP INDEX logs_at");
    assertThat(patient.inspect(Patient.SMALL).tables().get(0).ages().orElseThrow().exact())
        .isFalse();
  }

  @Test
  void freeSpace() throws Exception {
    database.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v BLOB)",
        many(300) + "INSERT INTO t SELECT i, zeroblob(1000) FROM n",
        "DELETE FROM t WHERE id > 10");
    assertThat(patient.finds(Check.FREE_SPACE, Severity.WARNING).frees()).isGreaterThan(200_000);
    isFoundAndMended(Check.FREE_SPACE, Severity.WARNING);
  }

  @Test
  void freeSpaceThatStepsGiveBack() throws Exception {
    database.execute("PRAGMA auto_vacuum = INCREMENTAL", "VACUUM");
    database.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v BLOB)",
        many(300) + "INSERT INTO t SELECT i, zeroblob(1000) FROM n",
        "DELETE FROM t WHERE id > 10");
    assertThat(patient.finds(Check.FREE_SPACE, Severity.WARNING).remedies().get(0).text())
        .isEqualTo("PRAGMA incremental_vacuum(200);");
    isFoundAndMended(Check.FREE_SPACE, Severity.WARNING);
  }

  @Test
  void whatADroppedIndexFreesStaysInTheFile() {
    database.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, v BLOB)",
        "CREATE INDEX ta ON t (a)",
        "CREATE INDEX ta_again ON t (a)",
        many(20_000) + "INSERT INTO t SELECT i, i, zeroblob(30) FROM n",
        "DELETE FROM t WHERE id > 5000");
    List<Finding> steps = Trouble.FULL.of(patient.inspect(Patient.SMALL));

    assertThat(steps)
        .extracting(Finding::check)
        .containsExactly(Check.FREE_SPACE, Check.DUPLICATE_INDEX);
    assertThat(steps.get(1).frees()).isZero();
    assertThat(steps.get(1).remedies().get(0).note())
        .startsWith("its space becomes free inside the file");
  }

  @Test
  void aLargeLog() throws Exception {
    database.execute("CREATE TABLE t (v BLOB)");
    try (Connection writer = database.connect();
        Statement statement = writer.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint = 0");
      statement.execute(many(300) + "INSERT INTO t SELECT zeroblob(1000) FROM n");
      isFoundAndMended(Check.LARGE_LOG, Severity.WARNING);
    }
  }

  @Test
  void theJournalMode() throws Exception {
    database.execute("CREATE TABLE t (v)", "PRAGMA journal_mode = DELETE");
    isFoundAndMended(Check.ROLLBACK_JOURNAL, Severity.INFO);
  }

  @Test
  void aLargeFileThatNeverShrinks() throws Exception {
    database.execute(
        "CREATE TABLE t (v BLOB)", many(11) + "INSERT INTO t SELECT zeroblob(1000000) FROM n");
    isFoundAndMended(Check.NO_AUTO_VACUUM, Severity.INFO);
  }

  @Test
  void aVacuumThatMisleadsAFullTextTableIsToldSo() throws Exception {
    database.execute(
        "CREATE TABLE t (v BLOB)",
        "CREATE VIRTUAL TABLE words USING fts5(v, content = \"T\")",
        many(11) + "INSERT INTO t SELECT zeroblob(1000000) FROM n");
    assertThat(patient.inspect(Patient.SMALL).findings())
        .filteredOn(finding -> finding.check() == Check.NO_AUTO_VACUUM)
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.remedies().get(1).note())
                    .contains("rows other rowids, and then words finds the wrong ones"));
  }

  @Test
  void missingStatistics() throws Exception {
    database.execute(
        "CREATE TABLE t (a, b)",
        "CREATE INDEX ta ON t (a)",
        "CREATE INDEX tb ON t (b)",
        many(10_000) + "INSERT INTO t SELECT i, i % 10 FROM n");
    isFoundAndMended(Check.STATISTICS_MISSING, Severity.INFO);
  }

  @Test
  void staleStatistics() throws Exception {
    database.execute(
        "CREATE TABLE t (a, b)",
        "CREATE INDEX ta ON t (a)",
        many(100) + "INSERT INTO t SELECT i, i FROM n",
        "ANALYZE",
        many(20_000) + "INSERT INTO t SELECT i, i FROM n");
    assertThat(patient.finds(Check.STATISTICS_STALE, Severity.WARNING).what())
        .isEqualTo("its statistics tell of 100 rows, it has 20,100 rows");
    isFoundAndMended(Check.STATISTICS_STALE, Severity.WARNING);
  }

  @Test
  void violatedForeignKeys() throws Exception {
    database.execute(
        "PRAGMA foreign_keys = OFF",
        "CREATE TABLE p (a, b, PRIMARY KEY (a, b))",
        "CREATE TABLE c (a, b, FOREIGN KEY (a, b) REFERENCES p)",
        "CREATE INDEX ci ON c (a, b)",
        "INSERT INTO p VALUES (1, 1)",
        "INSERT INTO c VALUES (1, 1), (1, 2), (2, 2), (NULL, 3)");
    assertThat(patient.finds(Check.FOREIGN_KEY_VIOLATED, Severity.WARNING).what())
        .isEqualTo("2 rows refer to rows of p that are not there");
    isFoundAndMended(Check.FOREIGN_KEY_VIOLATED, Severity.WARNING);
    assertThat(database.count("c")).isEqualTo(2);
  }

  @Test
  void aForeignKeyThatFitsNoKeyHidesNoOther() throws Exception {
    database.execute(
        "PRAGMA foreign_keys = OFF",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a, b)",
        "CREATE INDEX p_not_unique ON p (a, b)",
        "CREATE TABLE \"odd \"\" one\" (a, b, id INTEGER REFERENCES p,"
            + " FOREIGN KEY (a, b) REFERENCES P (a, B))",
        "CREATE TABLE c (id INTEGER REFERENCES p)",
        "INSERT INTO p VALUES (1, 1, 1)",
        "INSERT INTO \"odd \"\" one\" VALUES (1, 1, 1)",
        "INSERT INTO c VALUES (1), (2)");
    assertThat(patient.finds(Check.FOREIGN_KEY_VIOLATED, Severity.WARNING).place()).isEqualTo("c");
    assertThat(patient.finds(Check.FOREIGN_KEY_MISMATCH, Severity.WARNING).what())
        .startsWith("a foreign key to P fits no primary key and no unique index there");
    isFoundAndMended(Check.FOREIGN_KEY_MISMATCH, Severity.WARNING);
  }

  @Test
  void everyForeignKeyThatFitsNoKeyIsTold() {
    database.execute(
        "PRAGMA foreign_keys = OFF",
        "CREATE TABLE p (a, v)",
        "CREATE TABLE q (b)",
        "CREATE VIEW w AS SELECT a FROM p",
        "CREATE INDEX ux_p_a ON p (v)",
        "CREATE TABLE c (a REFERENCES p (a), b REFERENCES q (b), w REFERENCES w (a))",
        "INSERT INTO p VALUES (1, 1)",
        "INSERT INTO q VALUES (1)",
        "INSERT INTO c VALUES (1, 1, 1)");
    List<Finding> found = Patient.of(patient.inspect(Patient.SMALL), Check.FOREIGN_KEY_MISMATCH);
    assertThat(found)
        .extracting(each -> each.what().split(" fits ")[0])
        .containsExactlyInAnyOrder(
            "a foreign key to p", "a foreign key to q", "a foreign key to w");
    assertThat(found.stream().flatMap(each -> each.remedies().stream()))
        .extracting(Remedy::text)
        .containsExactlyInAnyOrder(
            "CREATE UNIQUE INDEX \"ux_p_a_2\" ON \"p\" (\"a\");",
            "CREATE UNIQUE INDEX \"ux_q_b\" ON \"q\" (\"b\");");
  }

  @Test
  void aForeignKeyWithoutIndex() throws Exception {
    database.execute(
        "CREATE TABLE p (id INTEGER PRIMARY KEY)",
        "CREATE TABLE c (id INTEGER PRIMARY KEY REFERENCES p, \"p id\" INTEGER REFERENCES p)",
        many(10_000) + "INSERT INTO p SELECT i FROM n",
        "INSERT INTO c SELECT id, id FROM p");
    assertThat(patient.finds(Check.FOREIGN_KEY_UNINDEXED, Severity.WARNING).place())
        .isEqualTo("c(p id)");
    isFoundAndMended(Check.FOREIGN_KEY_UNINDEXED, Severity.WARNING);
  }

  @Test
  void oneIndexServesTwoForeignKeysOverOneColumn() {
    database.execute(
        "CREATE TABLE p (id INTEGER PRIMARY KEY)",
        "CREATE TABLE q (id INTEGER PRIMARY KEY)",
        "CREATE TABLE c (a INTEGER REFERENCES p REFERENCES q)",
        many(10_000) + "INSERT INTO p SELECT i FROM n",
        "INSERT INTO q SELECT id FROM p",
        "INSERT INTO c SELECT id FROM p");
    Inspection inspection = patient.inspect(Patient.SMALL);
    assertThat(Patient.of(inspection, Check.FOREIGN_KEY_UNINDEXED))
        .extracting(each -> each.remedies().get(0).text())
        .containsOnly("CREATE INDEX \"ix_c_a\" ON \"c\" (\"a\");");
    database.execute("CREATE INDEX ix_c_a ON c (a)");
    assertThat(Patient.of(patient.inspect(Patient.SMALL), Check.FOREIGN_KEY_UNINDEXED)).isEmpty();
  }

  @Test
  void aForeignKeyWhoseIndexHasAnotherCollation() throws Exception {
    database.execute(
        "CREATE TABLE p (k TEXT COLLATE NOCASE PRIMARY KEY)",
        "CREATE TABLE q (id INTEGER PRIMARY KEY, u TEXT UNIQUE)",
        "CREATE TABLE c (k TEXT REFERENCES p, q TEXT COLLATE RTRIM REFERENCES q (u),"
            + " id TEXT COLLATE NOCASE REFERENCES q)",
        "CREATE INDEX ix_c_k ON c (k)",
        "CREATE INDEX cq ON c (q COLLATE BINARY)",
        "CREATE INDEX cid ON c (id)",
        many(10_000) + "INSERT INTO p SELECT 'k' || i FROM n",
        "INSERT INTO c (k) SELECT k FROM p");
    assertThat(
            patient.finds(Check.FOREIGN_KEY_UNINDEXED, Severity.WARNING).remedies().get(0).text())
        .isEqualTo("CREATE INDEX \"ix_c_k_2\" ON \"c\" (\"k\" COLLATE NOCASE);");
    isFoundAndMended(Check.FOREIGN_KEY_UNINDEXED, Severity.WARNING);
  }

  @Test
  void aForeignKeyWithAnIndexOverPartOfIt() throws Exception {
    database.execute(
        "CREATE TABLE p (a INTEGER, b INTEGER, PRIMARY KEY (a, b))",
        "CREATE TABLE c (a INTEGER, b INTEGER, v, FOREIGN KEY (a, b) REFERENCES p)",
        "CREATE INDEX cb ON c (b, v)",
        many(10_000) + "INSERT INTO p SELECT i, i % 10 FROM n",
        "INSERT INTO c SELECT a, b, 1 FROM p");
    assertThat(patient.finds(Check.FOREIGN_KEY_UNINDEXED, Severity.INFO).what())
        .isEqualTo("only by b an index leads from a row of p to the rows of c that refer to it");
    isFoundAndMended(Check.FOREIGN_KEY_UNINDEXED, Severity.INFO);
  }

  @Test
  void indexesThatRepeatOthers() throws Exception {
    database.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT COLLATE NOCASE)",
        "CREATE INDEX ab ON t (a, b)",
        "CREATE INDEX a_only ON t (a)",
        "CREATE UNIQUE INDEX a_unique ON t (a)",
        "CREATE INDEX ab_nocase ON t (a COLLATE NOCASE, b)",
        "CREATE INDEX ab_where ON t (a, b) WHERE b IS NOT NULL",
        "CREATE INDEX ab_half ON t (a, b DESC)",
        "CREATE INDEX lower_a ON t (lower(a))",
        "CREATE INDEX upper_a ON t (upper(a))");
    Inspection sound = patient.inspect(Patient.SMALL);
    assertThat(sound.findings())
        .filteredOn(each -> each.check() == Check.DUPLICATE_INDEX)
        .extracting(Finding::place)
        .containsExactly("a_only"); // the unique one stays
    assertThat(Patient.of(sound, Check.COVERED_INDEX)).isEmpty();

    database.execute(
        "DROP INDEX a_only",
        "DROP INDEX a_unique",
        "CREATE INDEX ab_again ON t (\"a\", b)",
        "CREATE INDEX ab_mirrored ON t (a DESC, b DESC)", // reads may go on by the id within both
        "CREATE INDEX lower_again ON t (LOWER(a))",
        "CREATE INDEX lower_same ON t ( lower(a)  ASC )",
        "CREATE INDEX id_too ON t (id)",
        "CREATE INDEX a_begins ON t (a)");
    assertThat(Patient.of(patient.inspect(Patient.SMALL), Check.COVERED_INDEX))
        .isEmpty(); // reads may go on by the id within a

    database.execute(
        "CREATE INDEX a_then_id ON t (a, id)", "CREATE INDEX a_id_mirrored ON t (a DESC, id DESC)");
    Inspection inspection = patient.inspect(Patient.SMALL);
    assertThat(Patient.of(inspection, Check.DUPLICATE_INDEX))
        .extracting(Finding::place)
        .containsExactlyInAnyOrder("ab_again", "id_too", "lower_same", "a_then_id");
    assertThat(Patient.of(inspection, Check.COVERED_INDEX))
        .extracting(Finding::place)
        .containsExactly("a_begins");
    try (Connection connection = database.connect()) {
      for (Finding finding : Patient.of(inspection, Check.DUPLICATE_INDEX)) {
        database.execute(finding.remedies().get(0).text());
      }
      patient.isMendedBy(connection, Patient.of(inspection, Check.COVERED_INDEX).get(0));
    }
    assertThat(Patient.of(patient.inspect(Patient.SMALL), Check.DUPLICATE_INDEX)).isEmpty();
  }

  @Test
  void anIndexThatAloneForbidsRepeatsStays() {
    database.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY ON CONFLICT REPLACE, v TEXT)",
        "CREATE UNIQUE INDEX id_too ON t (id)",
        "CREATE TABLE u (id INTEGER PRIMARY KEY, v TEXT)",
        "CREATE UNIQUE INDEX u_too ON u (id)");
    assertThat(Patient.of(patient.inspect(Patient.SMALL), Check.DUPLICATE_INDEX))
        .extracting(Finding::place)
        .containsExactly("u_too");
  }

  @Test
  void indexesByWhichReadsGoOnStay() {
    database.execute(
        "CREATE TABLE keyed (id TEXT PRIMARY KEY, a, b) WITHOUT ROWID",
        "CREATE INDEX keyed_a ON keyed (a)",
        "CREATE INDEX keyed_ab ON keyed (a, b)",
        "CREATE TABLE unnamed (id TEXT PRIMARY KEY, a, b)",
        "CREATE INDEX unnamed_a ON unnamed (a)",
        "CREATE INDEX unnamed_ab ON unnamed (a, b)",
        "CREATE TABLE named (id INTEGER PRIMARY KEY, a, b)",
        "CREATE INDEX named_a ON named (a)",
        "CREATE INDEX named_a_id ON named (a, id DESC)");
    assertThat(Patient.of(patient.inspect(Patient.SMALL), Check.COVERED_INDEX)).isEmpty();

    database.execute(
        "CREATE INDEX keyed_a_id ON keyed (a, id, b)",
        "CREATE INDEX keyed_by_id ON keyed (id)",
        "CREATE INDEX named_a_up ON named (a, id, b)");
    Inspection inspection = patient.inspect(Patient.SMALL);
    assertThat(Patient.of(inspection, Check.COVERED_INDEX))
        .extracting(Finding::place)
        .containsExactlyInAnyOrder("keyed_a", "named_a");
    assertThat(Patient.of(inspection, Check.DUPLICATE_INDEX))
        .extracting(Finding::place)
        .containsExactly("keyed_by_id");
  }

  @Test
  void indexesThatViewsAndTriggersNameStay() {
    database.execute(
        "CREATE TABLE t (a INTEGER, b INTEGER)",
        "CREATE INDEX a1 ON t (a)",
        "CREATE INDEX \"a\"\"2\" ON t (a)",
        "CREATE INDEX a3 ON t (a)",
        "CREATE VIEW v AS SELECT * FROM t INDEXED BY \"A\"\"2\" WHERE a = 1",
        "CREATE TRIGGER r AFTER INSERT ON t BEGIN"
            + " UPDATE t SET b = (SELECT b FROM t INDEXED /* so */ BY a3 WHERE a = new.a); END");
    assertThat(Patient.of(patient.inspect(Patient.SMALL), Check.DUPLICATE_INDEX))
        .extracting(Finding::place)
        .containsExactly("a1");
  }

  @Test
  void aDamagedIndex() throws Exception {
    database.execute(
        "CREATE TABLE t (a INTEGER, b INTEGER)",
        "CREATE INDEX ta ON t (a)",
        many(50) + "INSERT INTO t SELECT i, -i FROM n",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = 'CREATE INDEX ta ON t (b)' WHERE name = 'ta'");
    Examination asked = new Examination(false, true, Patient.SMALL);
    Finding finding = patient.finds(Check.DAMAGED, Severity.CRITICAL, asked);
    assertThat(finding.place()).isEqualTo("ta");
    try (Connection connection = database.connect()) {
      patient.isMendedBy(connection, finding, asked);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDamagedFile() throws Exception {
    Assumptions.assumeTrue(
        Patient.shell("sqlite3 --version"), "the shell sqlite3 is not installed");
    database.execute(
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)",
        "CREATE TABLE u (a INTEGER PRIMARY KEY, b TEXT)",
        many(500) + "INSERT INTO t SELECT i, hex(zeroblob(100)) FROM n",
        "INSERT INTO u SELECT a, b FROM t",
        "PRAGMA user_version = 7",
        "PRAGMA wal_checkpoint(TRUNCATE)");
    String leaf = "SELECT max(pageno) FROM dbstat WHERE name = 't' AND pagetype = 'leaf'";
    long page = Long.parseLong(database.query(leaf).get(0));
    try (RandomAccessFile bytes = new RandomAccessFile(database.file().toFile(), "rw")) {
      bytes.seek((page - 1) * 4096);
      bytes.write(new byte[100]);
    }
    Examination asked = new Examination(false, true, Patient.SMALL);
    Inspection inspection = patient.inspect(asked);
    List<Finding> found = Patient.of(inspection, Check.DAMAGED);
    assertThat(found)
        .as(inspection.unseen().toString())
        .extracting(Finding::place)
        .containsExactly("the file");
    try (Connection none = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      patient.isMendedBy(none, found.get(0), asked);
    }
    assertThat(database.count("u")).isEqualTo(500);
    assertThat(database.count("t")).isBetween(400L, 499L);
    assertThat(database.query("PRAGMA user_version")).containsExactly("7");
    assertThat(database.query("PRAGMA journal_mode")).containsExactly("wal");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aLockThatAnotherProcessHolds() throws Exception {
    database.execute("CREATE TABLE t (v)");
    Path link = Files.createLink(folder.resolve("linked"), database.file());
    for (String mode : List.of("WAL", "DELETE")) {
      database.execute("PRAGMA journal_mode = " + mode);
      Process holder = LockHolder.start(mode.equals("WAL") ? database.file() : link);
      try {
        Finding finding = patient.finds(Check.WRITE_LOCK_HELD, Severity.WARNING);
        assertThat(finding.what()).endsWith(" ms by java (process " + holder.pid() + ")");
        assertThat(patient.inspect(Patient.SMALL).activity().processes())
            .contains(new Opener(holder.pid(), "java", "the write lock"));
        try (Connection connection = database.connect()) {
          patient.isMendedBy(connection, finding);
        }
      } finally {
        holder.destroyForcibly().waitFor();
      }
    }
  }
}
