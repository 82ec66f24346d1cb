package io.tideline.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** A SQLite file in WAL mode, unless told otherwise. */
public final class SqliteTestDatabase extends TestDatabase {
  private final Path file;

  private SqliteTestDatabase(Path file) {
    this.file = file;
  }

  /** A new file with a random name in a folder. */
  public static SqliteTestDatabase create(Path folder) {
    try {
      return create(folder, Files.createTempFile(folder, "store", ".db").getFileName().toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new file with a name of its own. */
  public static SqliteTestDatabase create(Path folder, String name) {
    SqliteTestDatabase database = new SqliteTestDatabase(folder.resolve(name));
    database.execute("PRAGMA journal_mode = WAL");
    return database;
  }

  /** The file. */
  public Path file() {
    return file;
  }

  @Override
  public Product product() {
    return Product.SQLITE;
  }

  @Override
  public String url() {
    return "sqlite:" + file;
  }

  @Override
  public Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 20000");
      statement.execute("PRAGMA foreign_keys = ON");
    }
    return connection;
  }

  @Override
  public TestDatabase sibling() {
    return create(file.toAbsolutePath().getParent());
  }

  /** {@code quote} gives reals the digits that tell them apart; text and blobs are their bytes. */
  @Override
  protected String exactText(String column) {
    return String.format(
        Locale.ROOT,
        "typeof(%1$s) || ':' || CASE typeof(%1$s) WHEN 'null' THEN '' WHEN 'integer' THEN"
            + " CAST(%1$s AS TEXT) WHEN 'real' THEN quote(%1$s) ELSE hex(CAST(%1$s AS BLOB)) END",
        column);
  }

  /** Leaves the file to whoever removes the folder. */
  @Override
  public void close() {}
}
