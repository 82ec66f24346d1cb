package io.tideline.sqlite;

import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.Dialect;
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
    return SqliteDatabase.open(Path.of(rest.startsWith("//") ? rest.substring(2) : rest));
  }
}
