package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.BackupTask;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A backup by pg_dump, which reads one snapshot and waits for nobody long. Its listing must name
 * every table that was there before and after it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/app-pgdump.html">pg_dump</a>
 */
final class Dump {
  /** Those of an extension come with it. */
  private static final String TABLES =
      """
      SELECT c.oid::pg_catalog.int8, n.nspname, c.relname
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
        AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                          AND d.objid = c.oid AND d.deptype = 'e')
      """;

  private final PgTools tools;
  private final String place;
  private final BackupTask task;

  Dump(PgTools tools, String place, BackupTask task) {
    this.tools = tools;
    this.place = place;
    this.task = task;
  }

  /** The tables by their oid, which a listing gives too, whatever its encoding. */
  static Map<Long, TableName> tables(Session session) throws SQLException {
    Map<Long, TableName> tables = new TreeMap<>();
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(TABLES)) {
      while (rows.next()) {
        tables.put(
            rows.getLong(1),
            new TableName(String.valueOf(rows.getString(2)), String.valueOf(rows.getString(3))));
      }
    }
    return tables;
  }

  /** Writes the file. */
  void make(int major) {
    String program = tools.find("pg_dump", major).toString();
    List<String> command =
        List.of(
            program,
            "--format=custom",
            "--no-password",
            "--lock-wait-timeout=10s",
            "--file=" + task.file());
    Program.Ended ended =
        tools.watch(
            command,
            process -> {
              task.listener().at("dumping", task.file().toFile().length(), 0);
              if (task.stopping().getAsBoolean()) {
                process.destroy();
              }
            });
    if (task.stopping().getAsBoolean()) {
      throw new TidelineException(
          ErrorCode.INTERRUPTED,
          "Cannot back up " + place + ": it was told to stop.",
          "No backup was made; the database is unchanged.",
          "Run the same command again.");
    }
    if (ended.code() != 0) {
      throw failed(ended);
    }
  }

  private TidelineException failed(Program.Ended ended) {
    boolean full = ended.words().contains("No space left");
    return new TidelineException(
        full ? ErrorCode.DISK_FULL : ErrorCode.BACKUP_IMPOSSIBLE,
        "Cannot back up " + place + ": " + ended.reason() + ".",
        "No backup was made; the database is unchanged.",
        full
            ? "Free space where backups go, and run the same command again."
            : "Mend what pg_dump says; it needs the right to read every table.");
  }

  /** Refuses a dump that lacks one of some tables. */
  void requireTables(Map<Long, TableName> tables) {
    Set<Long> listed = new DumpFiles(tools, "").list(task.file()).tables();
    List<TableName> missing =
        tables.entrySet().stream()
            .filter(table -> !listed.contains(table.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    if (!missing.isEmpty()) {
      throw new TidelineException(
          ErrorCode.BACKUP_CORRUPT,
          "Cannot use the dump of "
              + place
              + ": it lacks the table "
              + missing.get(0)
              + (missing.size() > 1 ? " and " + (missing.size() - 1) + " more" : "")
              + ".",
          "No backup was made; the database is unchanged.",
          "Give the role the right to read every table and run it again.");
    }
  }
}
