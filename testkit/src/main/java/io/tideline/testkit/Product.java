package io.tideline.testkit;

import java.nio.file.Path;

/** The databases that tests run on. */
public enum Product {
  /** A file. */
  SQLITE,
  /** A database of the embedded server. */
  POSTGRESQL;

  /**
   * Makes an empty database.
   *
   * @param folder where a file may lie
   */
  public TestDatabase create(Path folder) {
    return this == SQLITE
        ? SqliteTestDatabase.create(folder)
        : EmbeddedPostgresServer.shared().freshDatabase();
  }
}
