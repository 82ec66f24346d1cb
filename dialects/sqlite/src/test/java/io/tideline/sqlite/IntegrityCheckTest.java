package io.tideline.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.Collation;
import org.sqlite.Function;

/** Files that are whole, and yet SQLite alone cannot check or would complain of. */
class IntegrityCheckTest {
  private static final int PAGE = 4096;

  @TempDir Path folder;

  /** Makes a file as an application does that has a collation and a function of its own. */
  private Path made(String... statements) throws SQLException {
    Path file = folder.resolve("app.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      Collation.create(
          connection,
          "backwards",
          new Collation() {
            @Override
            protected int xCompare(String one, String other) {
              return other.compareTo(one);
            }
          });
      Function.create(
          connection,
          "twice",
          new Function() {
            @Override
            protected void xFunc() throws SQLException {
              result(2 * value_int(0));
            }
          },
          1,
          Function.FLAG_DETERMINISTIC);
      statement.execute("CREATE TABLE plain (id INTEGER PRIMARY KEY, v TEXT UNIQUE)");
      statement.execute("INSERT INTO plain VALUES (1, 'a'), (2, 'b')");
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
    return file;
  }

  private static String check(Path file) {
    return new SqliteBackupFiles().check(file);
  }

  private static final String MANY =
      "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO t (id, v)"
          + " SELECT i, printf('%032d', i) FROM n";

  private static String limited() {
    return "2 tables, integrity_check ok but for t, which needs a collation or function of the"
        + " application: its pages were read";
  }

  @Test
  void anIndexByACollationOfTheApplication() throws SQLException {
    Path file =
        made(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
            "CREATE INDEX i ON t (v COLLATE backwards)",
            MANY);
    assertThat(check(file)).isEqualTo(limited());
  }

  @Test
  void aKeyByACollationOfTheApplication() throws SQLException {
    Path file =
        made("CREATE TABLE t (id, v TEXT COLLATE backwards, PRIMARY KEY (v)) WITHOUT ROWID", MANY);
    assertThat(check(file)).isEqualTo(limited());
  }

  @Test
  void anIndexByAFunctionOfTheApplication() throws SQLException {
    Path file =
        made(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, CHECK (twice(id) > 0))",
            "CREATE INDEX i ON t (twice(id)) WHERE twice(id) > 10",
            MANY);
    assertThat(check(file)).isEqualTo(limited());
  }

  @Test
  void aColumnByAFunctionOfTheApplication() throws SQLException {
    Path file =
        made(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, w INT NOT NULL AS (twice(id)))", MANY);
    assertThat(check(file)).startsWith("2 tables, integrity_check ok");
  }

  @Test
  void damageIsFoundInWhatCannotBeCheckedToo() throws Exception {
    Path file =
        made(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
            "CREATE INDEX i ON t (v COLLATE backwards)",
            MANY);
    for (int page = 10; page < 14; page++) {
      spoil(file, page);
    }
    assertThatThrownBy(() -> check(file))
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKUP_CORRUPT));
  }

  private static void spoil(Path file, int page) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek((long) (page - 1) * PAGE);
      bytes.write(new byte[200]);
    }
  }

  @Test
  void rowsThatAConstraintWouldRefuseAreNoDamage() throws SQLException {
    Path file =
        made(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
            "INSERT INTO t VALUES (1, NULL), (2, 'x'), (3, NULL)",
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_schema SET sql = 'CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT"
                + " NULL CHECK (v <> ''x''))' WHERE name = 't'");
    assertThat(check(file))
        .isEqualTo("2 tables, integrity_check ok; a constraint would refuse 2 rows");
  }
}
