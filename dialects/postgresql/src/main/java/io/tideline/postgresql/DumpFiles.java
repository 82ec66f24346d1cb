package io.tideline.postgresql;

import io.tideline.dialect.BackupFiles;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.nio.file.Path;
import java.util.List;

/** Dumps in pg_dump's custom format, as pg_restore reads them. */
final class DumpFiles implements BackupFiles {
  private final PgTools tools;
  private final String target;

  /**
   * @param target the URL of a database to restore into, without secrets
   */
  DumpFiles(PgTools tools, String target) {
    this.tools = tools;
    this.target = target;
  }

  @Override
  public String ending() {
    return ".dump";
  }

  /**
   * Every block is read and unpacked: a listing alone reads only the beginning and the contents.
   */
  @Override
  public String check(Path file) {
    long tables = list(file).lines().filter(line -> line.contains(" TABLE DATA ")).count();
    run(file, List.of(program(), "--file=/dev/null", file.toString()));
    return "data of " + tables + " tables, read to its end by pg_restore";
  }

  /** What pg_restore lists. */
  String list(Path file) {
    return run(file, List.of(program(), "--list", file.toString()));
  }

  private String program() {
    return tools.find("pg_restore", 0).toString();
  }

  private String run(Path file, List<String> command) {
    PgTools.Ended ended = tools.run(command);
    if (ended.code() != 0) {
      throw new TidelineException(
          ErrorCode.BACKUP_CORRUPT,
          "Cannot use the backup " + file + ": " + ended.reason() + ".",
          "The database itself was not touched.",
          "Make another backup, or take an earlier one.");
    }
    return ended.words();
  }

  @Override
  public String restoring(Path file) {
    return "pg_restore --exit-on-error --dbname=" + target + " " + file;
  }

  @Override
  public List<String> companions() {
    return List.of();
  }
}
