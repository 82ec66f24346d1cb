package io.tideline.sqlite;

import io.tideline.dialect.BackupFiles;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Backups of SQLite databases: each is a database. */
final class SqliteBackupFiles implements BackupFiles {
  private static final String TABLES =
      "SELECT count(*) FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%'"
          + " ESCAPE '\\'";

  @Override
  public String ending() {
    return ".db";
  }

  /** Opened as a file that nobody changes, so that nothing is made beside it. */
  @Override
  public String check(Path file) {
    try (Session session =
        Session.openReading(new DatabaseFile(file.toRealPath(), "it is a backup", true))) {
      IntegrityCheck check = IntegrityCheck.of(session);
      if (!check.problems().isEmpty()) {
        throw corrupt(file, "integrity_check says: " + check.problems().get(0), null);
      }
      String tables = session.strings(TABLES).get(0)[0];
      return tables + (tables.equals("1") ? " table" : " tables") + ", " + check.words();
    } catch (SQLException e) {
      throw corrupt(file, Failures.message(e), e);
    } catch (IOException e) {
      throw corrupt(file, "it cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private static TidelineException corrupt(Path file, String why, @Nullable Exception cause) {
    return new TidelineException(
        ErrorCode.BACKUP_CORRUPT,
        "Cannot use the backup " + file + ": " + why + ".",
        "The database itself was not touched.",
        "Make another backup, or take an earlier one.",
        cause);
  }

  @Override
  public String restoring(Path file) {
    return "";
  }

  @Override
  public List<String> companions() {
    return List.of("-wal", "-shm", "-journal");
  }
}
