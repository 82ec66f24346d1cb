package io.tideline.sqlite;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.SurpriseException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.sqlite.SQLiteUpdateListener;

/**
 * Counts the rows that each table loses in a transaction.
 *
 * <p>Without triggers {@code total_changes} proves that our own statements were all. With them
 * SQLite's update hook tells each row, but for tables WITHOUT ROWID, for rows that REPLACE puts
 * aside and for a DELETE without a WHERE clause (https://sqlite.org/c3ref/update_hook.html): tables
 * that a trigger may reach in such a way are counted before and after, and what remains untold is a
 * surprise.
 */
final class Losses implements SQLiteUpdateListener {
  private static final String TABLES =
      """
      SELECT l.name, l.type, l.wr, coalesce(s.sql, '')
      FROM pragma_table_list AS l JOIN main.sqlite_schema AS s
        ON s.name = l.name AND s.type = 'table'
      WHERE l.schema = 'main'""";
  private static final String TRIGGERS =
      """
      SELECT tbl_name, sql FROM main.sqlite_schema WHERE type = 'trigger'""";

  private final Session session;
  private final boolean watched;
  private final long changesBefore;
  private final Map<String, Long> deletedByUs = new HashMap<>();
  private final Map<String, Long> insertedByUs = new HashMap<>();
  private final Map<String, Long> updatedByUs = new HashMap<>();
  private final Map<String, Long> deleted = new HashMap<>();
  private final Map<String, Long> inserted = new HashMap<>();
  private final Set<String> withoutRowid = new HashSet<>();
  private final Set<String> shadows = new HashSet<>();
  private final Map<String, Long> countedBefore = new HashMap<>();
  private boolean modules;
  private long told;

  private Losses(Session session, boolean watched) throws SQLException {
    this.session = session;
    this.watched = watched;
    this.changesBefore = session.db().total_changes() - session.temporary().changes();
  }

  static Losses begin(Session session, List<Table> tables) {
    try {
      Losses losses =
          new Losses(session, tables.stream().anyMatch(table -> !table.triggers().isEmpty()));
      if (losses.watched) {
        losses.countBlindTables();
        session.db().addUpdateListener(losses);
      }
      return losses;
    } catch (SQLException e) {
      throw Failures.reading("Cannot read the catalogue of " + session.file().path(), e);
    }
  }

  void end() {
    if (watched) {
      session.db().removeUpdateListener(this);
    }
  }

  /** Whether nothing was changed yet. */
  boolean none() {
    return totalChanges() == changesBefore;
  }

  /** Whether a table is as it was at the beginning: our own changes of others were all. */
  boolean untouched(Table table) {
    String name = table.name().name();
    return none()
        || (!watched
            && totalChanges() - changesBefore == byUs()
            && !deletedByUs.containsKey(name)
            && !insertedByUs.containsKey(name)
            && !updatedByUs.containsKey(name));
  }

  private long byUs() {
    return sum(deletedByUs) + sum(insertedByUs) + sum(updatedByUs);
  }

  /** The changes of this connection, without those of temporary tables. */
  long totalChanges() {
    try {
      return session.db().total_changes() - session.temporary().changes();
    } catch (SQLException e) {
      throw Failures.reading("Cannot read from " + session.file().path(), e);
    }
  }

  void deleted(TableName table, long rows) {
    deletedByUs.merge(table.name(), rows, Long::sum);
  }

  void inserted(TableName table, long rows) {
    insertedByUs.merge(table.name(), rows, Long::sum);
  }

  void updated(TableName table, long rows) {
    updatedByUs.merge(table.name(), rows, Long::sum);
  }

  @Override
  public void onUpdate(Type type, String database, String table, long rowId) {
    if (!database.equals(CatalogueReader.SCHEMA)) {
      return;
    }
    told++;
    if (type == Type.DELETE) {
      deleted.merge(table, 1L, Long::sum);
    } else if (type == Type.INSERT) {
      inserted.merge(table, 1L, Long::sum);
    }
  }

  /** The rows lost by each table. */
  Map<TableName, Long> rows() {
    Map<String, Long> lost = new TreeMap<>(deletedByUs);
    long untold = totalChanges() - changesBefore;
    if (watched) {
      lost.putAll(deleted);
      untold -= told + replacedAndUnseen(lost);
    } else {
      untold -= byUs();
    }
    if (untold != 0 && !modules) {
      throw new SurpriseException(
          "triggers or foreign keys changed " + untold + " rows of tables that cannot be told");
    }
    Map<TableName, Long> named = new TreeMap<>();
    lost.forEach(
        (table, rows) -> {
          if (rows > 0 && !shadows.contains(table)) {
            named.put(new TableName(CatalogueReader.SCHEMA, table), rows);
          }
        });
    return named;
  }

  /** Adds what the counts tell and the hook does not. @return the changes that they explain */
  private long replacedAndUnseen(Map<String, Long> lost) {
    long explained = 0;
    for (String table : withoutRowid) {
      long ours = deletedByUs.getOrDefault(table, 0L);
      long added = insertedByUs.getOrDefault(table, 0L);
      explained += ours + added + updatedByUs.getOrDefault(table, 0L);
      Long before = countedBefore.get(table);
      if (before != null) {
        long beyond = before - count(table) - ours + added;
        lost.put(table, ours + Math.max(0, beyond));
        explained += Math.abs(beyond);
      }
    }
    countedBefore.forEach(
        (table, before) -> {
          if (!withoutRowid.contains(table)) {
            long gone = before - count(table) + inserted.getOrDefault(table, 0L);
            lost.merge(table, gone, Math::max);
          }
        });
    return explained;
  }

  /**
   * Counts the tables in which a trigger may delete rows that the hook does not see. A trigger that
   * keeps a virtual table up to date (full-text search) makes its module write to shadow tables in
   * ways that nobody can foretell: those are left out, and every other table that a trigger names
   * is counted.
   */
  private void countBlindTables() throws SQLException {
    List<String[]> triggers = session.strings(TRIGGERS);
    List<String[]> tables = session.strings(TABLES);
    boolean replaces =
        triggers.stream().anyMatch(row -> Names.fold(row[1]).contains("replace"))
            || tables.stream().anyMatch(row -> Names.fold(row[3]).contains("replace"));
    for (String[] table : tables) {
      if (table[1].equals("shadow")) {
        shadows.add(table[0]);
      } else if (table[1].equals("virtual")) {
        modules |= triggers.stream().anyMatch(trigger -> mentions(trigger, table[0]));
      } else if (table[2].equals("1")) {
        withoutRowid.add(table[0]);
      }
    }
    for (String[] table : tables) {
      boolean blind = replaces || modules || withoutRowid.contains(table[0]);
      if (table[1].equals("table")
          && blind
          && triggers.stream().anyMatch(trigger -> mentions(trigger, table[0]))) {
        countedBefore.put(table[0], count(table[0]));
      }
    }
  }

  /** Whether a trigger names the table besides as the one that it stands on. */
  private static boolean mentions(String[] trigger, String table) {
    String text = Names.fold(trigger[1]);
    String name = Names.fold(table);
    int first = text.indexOf(name);
    boolean own = Names.fold(trigger[0]).equals(name);
    return first >= 0 && (!own || text.indexOf(name, first + name.length()) >= 0);
  }

  private long count(String table) {
    Sql sql = session.sql().add("SELECT ").results(List.of(session.sql().add("count(*)")));
    sql.add(" FROM " + Sql.quote(new TableName(CatalogueReader.SCHEMA, table)));
    return session.number("Cannot count the rows of table " + table, sql);
  }

  private static long sum(Map<String, Long> rows) {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }
}
