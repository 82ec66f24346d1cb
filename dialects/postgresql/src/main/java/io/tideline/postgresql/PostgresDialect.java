package io.tideline.postgresql;

import io.tideline.dialect.BackupFiles;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.Dialect;
import java.util.List;

/**
 * PostgreSQL 14 and later.
 *
 * <p>URLs are {@code postgresql://user@host:5432/name?schema=public}, percent-encoded; port, user
 * and name have the usual defaults. The password comes from the URL, {@code PGPASSWORD} or {@code
 * ~/.pgpass}. Parameters: {@code schema} (where unqualified table names are looked for), {@code
 * sslmode}, {@code sslrootcert}, {@code sslcert}, {@code sslkey}, {@code connect_timeout} in
 * seconds (default 10) and {@code application_name} (default {@code tideline}).
 */
public final class PostgresDialect implements Dialect {
  static final String NAME = "postgresql";

  /** Used by {@link java.util.ServiceLoader}. */
  public PostgresDialect() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<String> schemes() {
    return List.of("postgresql", "postgres", "jdbc");
  }

  @Override
  public Database open(DatabaseUrl url) {
    return PostgresDatabase.open(ConnectionUrl.of(url));
  }

  @Override
  public BackupFiles backupFiles(DatabaseUrl url) {
    ConnectionUrl parsed = ConnectionUrl.of(url);
    String server = parsed.place().substring(0, parsed.place().lastIndexOf('/'));
    return new DumpFiles(new PgTools(parsed, System.getenv()), server + "/NEW_DATABASE");
  }
}
