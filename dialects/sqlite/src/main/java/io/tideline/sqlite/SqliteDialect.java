package io.tideline.sqlite;

import io.tideline.dialect.BackupFiles;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.Dialect;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * SQLite databases, by {@code sqlite:PATH} or {@code sqlite://} and an absolute path. The URL has
 * no parameters: every character of the path stands for itself.
 */
public final class SqliteDialect implements Dialect {
  static final String NAME = "sqlite";

  /** Made by the service loader. */
  public SqliteDialect() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<String> schemes() {
    return List.of(NAME);
  }

  @Override
  public Database open(DatabaseUrl url) {
    String rest = url.rest();
    try {
      return SqliteDatabase.open(Path.of(rest.startsWith("//") ? rest.substring(2) : rest));
    } catch (InvalidPathException e) {
      throw new TidelineException(
          ErrorCode.DATABASE_MISSING,
          "Cannot open the database: its path is none (" + e.getReason() + ").",
          "Nothing was created or changed.",
          "Check the path.",
          e);
    }
  }

  @Override
  public BackupFiles backupFiles(DatabaseUrl url) {
    return new SqliteBackupFiles();
  }
}
