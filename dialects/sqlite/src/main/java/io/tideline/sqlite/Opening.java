package io.tideline.sqlite;

import io.tideline.catalogue.TableName;
import io.tideline.error.TidelineException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;
import org.sqlite.SQLiteErrorCode;

/** The first connection to a database, and the reasons why there is none. */
final class Opening {
  private static final String ANY_TABLE =
      """
      SELECT name FROM pragma_table_list
      WHERE schema = 'main' AND type = 'table' AND lower(substr(name, 1, 7)) <> 'sqlite_'
      LIMIT 1""";

  private Opening() {}

  static Session open(DatabaseFile file) {
    try {
      Session session = Session.openReading(file);
      if (file.readOnly().isEmpty()) {
        checkWritable(session);
      }
      return session;
    } catch (SQLException e) {
      return afterFailure(file, e);
    }
  }

  /**
   * A file without its log on a disk that nobody can write to needs {@code immutable}, or SQLite
   * would make the log: https://sqlite.org/wal.html#read_only_databases
   */
  private static Session afterFailure(DatabaseFile file, SQLException cause) {
    SQLiteErrorCode code = Failures.primary(cause);
    if (code == SQLiteErrorCode.SQLITE_NOTADB) {
      throw Header.read(file.path()).notADatabase(cause);
    }
    if (Failures.message(cause).equals("unsupported file format")) {
      throw Header.read(file.path()).newerSchema(cause);
    }
    if (code == SQLiteErrorCode.SQLITE_BUSY) {
      throw busy(file, cause);
    }
    boolean withoutLog =
        code == SQLiteErrorCode.SQLITE_CANTOPEN || code == SQLiteErrorCode.SQLITE_READONLY;
    if (withoutLog && !file.readOnly().isEmpty() && !Files.exists(file.beside("-wal"))) {
      try {
        return Session.openReading(file.asImmutable());
      } catch (SQLException e) {
        cause.addSuppressed(e);
      }
    }
    throw Failures.reading("Cannot open the database " + file.path(), cause);
  }

  /** Names the process that keeps everybody out, where the system tells. */
  private static TidelineException busy(DatabaseFile file, SQLException cause) {
    TidelineException known = Failures.reading("Cannot open the database " + file.path(), cause);
    String holders = new FileHolders(file).writers();
    return holders.isEmpty()
        ? known
        : new TidelineException(
            known.code(),
            known.what() + " Held by " + holders + ".",
            known.state(),
            known.mend(),
            cause);
  }

  /**
   * A newer file format may still be read, but every write is refused
   * (https://sqlite.org/fileformat2.html#file_format_version_numbers). Takes the write lock for a
   * moment and gives it back; a writer that has it is proof enough. {@code BEGIN IMMEDIATE} alone
   * only reads in such a file, so a DELETE of no row follows it.
   */
  private static void checkWritable(Session session) throws SQLException {
    List<String[]> tables = session.strings(ANY_TABLE);
    session.db().busy_timeout(0);
    session.execute("PRAGMA query_only=OFF; PRAGMA foreign_keys=OFF");
    try {
      session.execute("BEGIN IMMEDIATE");
      try {
        if (!tables.isEmpty()) {
          TableName table = new TableName(CatalogueReader.SCHEMA, tables.get(0)[0]);
          session.execute("DELETE FROM " + Sql.quote(table) + " WHERE 0");
        }
      } finally {
        session.execute("ROLLBACK");
      }
    } catch (SQLException e) {
      if (Failures.primary(e) == SQLiteErrorCode.SQLITE_READONLY) {
        session.close();
        throw Header.read(session.file().path())
            .tooNew()
            .orElseGet(() -> refusal(session.file(), e));
      }
    }
    session.db().busy_timeout(Session.BUSY_SECONDS * 1000);
    session.execute("PRAGMA query_only=ON; PRAGMA foreign_keys=ON");
  }

  private static TidelineException refusal(DatabaseFile file, SQLException cause) {
    return Failures.reading("Cannot open the database " + file.path() + " for writing", cause);
  }
}
