package io.tideline.postgresql;

import io.tideline.dialect.BackupFiles;
import io.tideline.dialect.ShellWord;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dumps in pg_dump's custom format, as pg_restore reads them. */
final class DumpFiles implements BackupFiles {
  /** A number, the oids of the catalogue and of what the entry is of, and what it is. */
  private static final Pattern ENTRY = Pattern.compile("\\d+; (\\d+) (\\d+) (TABLE(?: DATA)?) .*");

  /** The oid of pg_class: of entries that begin alike only a table's own has it. */
  private static final String CLASSES = "1259";

  private final PgTools tools;
  private final String target;

  /**
   * @param target the URL of a database to restore into, without secrets
   */
  DumpFiles(PgTools tools, String target) {
    this.tools = tools;
    this.target = target;
  }

  /**
   * What a dump holds.
   *
   * @param tables the oids of its tables
   * @param filled how many tables it has the rows of
   */
  record Listing(Set<Long> tables, long filled) {}

  @Override
  public String ending() {
    return ".dump";
  }

  /**
   * Every block is read and unpacked: a listing alone reads only the beginning and the contents.
   */
  @Override
  public String check(Path file) {
    long tables = list(file).filled();
    run(file, List.of(program(), "--file=/dev/null", file.toString()), line -> {});
    return "data of "
        + tables
        + (tables == 1 ? " table" : " tables")
        + ", read to its end by pg_restore";
  }

  /** What pg_restore lists, however long it is. */
  Listing list(Path file) {
    Set<Long> tables = new HashSet<>();
    long[] filled = new long[1];
    run(
        file,
        List.of(program(), "--list", file.toString()),
        line -> {
          Matcher entry = ENTRY.matcher(line);
          if (entry.matches() && entry.group(1).equals(CLASSES)) {
            tables.add(Long.parseLong(entry.group(2)));
          } else if (entry.matches() && entry.group(3).equals("TABLE DATA")) {
            filled[0]++;
          }
        });
    return new Listing(tables, filled[0]);
  }

  /** The latest: it reads what earlier ones wrote. */
  private String program() {
    return tools.find("pg_restore", 0).toString();
  }

  private void run(Path file, List<String> command, Consumer<String> lines) {
    Program.Ended ended = tools.run(command, lines);
    if (ended.words().contains("unsupported version")) {
      throw PgTools.impossible(
          "Cannot read the backup "
              + file
              + ": "
              + command.get(0)
              + " is older than the pg_dump that wrote it ("
              + ended.reason()
              + ").",
          PgTools.mend(0));
    }
    if (ended.code() != 0) {
      throw new TidelineException(
          ErrorCode.BACKUP_CORRUPT,
          "Cannot use the backup " + file + ": " + ended.reason() + ".",
          "The database itself was not touched.",
          "Make another backup, or take an earlier one.");
    }
  }

  @Override
  public String restoring(Path file) {
    return "pg_restore --exit-on-error --dbname="
        + ShellWord.of(target)
        + " "
        + ShellWord.of(file.toString());
  }

  @Override
  public List<String> companions() {
    return List.of();
  }
}
