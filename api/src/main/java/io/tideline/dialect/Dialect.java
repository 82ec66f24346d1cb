package io.tideline.dialect;

import java.util.List;

/** A database engine that Tideline knows; found by {@link java.util.ServiceLoader}. */
public interface Dialect {
  /** The engine's name as it stands in archives: {@code sqlite}, {@code postgresql}. */
  String name();

  /** The URL schemes it serves, in lower case; the first is the one to tell a person. */
  List<String> schemes();

  /**
   * Opens an existing database; never creates one, changes nothing in it.
   *
   * @throws io.tideline.error.TidelineException {@code DATABASE_*} if it is missing, no database,
   *     corrupt, encrypted, too new, unreachable, or refuses the login
   */
  Database open(DatabaseUrl url);

  /** The files of backups of a database, which need not be there any more. */
  BackupFiles backupFiles(DatabaseUrl url);
}
