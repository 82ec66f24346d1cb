package io.tideline.dialect;

import java.nio.file.Path;
import java.util.List;

/** The files that {@link Database#backUp} makes, without the database that they are of. */
public interface BackupFiles {
  /** What their names end with, such as {@code .db}. */
  String ending();

  /**
   * Reads a file whole, as a restore would.
   *
   * @return what was found, for a person: "12 tables, integrity_check ok"
   * @throws io.tideline.error.TidelineException {@code BACKUP_CORRUPT} if it is not what a backup
   *     must be; {@code BACKUP_IMPOSSIBLE} if a tool for it is missing
   */
  String check(Path file);

  /**
   * How a person makes a database of such a file, where that takes more than a copy of it: a
   * command line. Empty if a copy of the file is the database.
   */
  String restoring(Path file);

  /**
   * What the names of files end with that belong to a database beside its own: none of them may be
   * there where a database is made of a copy.
   */
  List<String> companions();
}
