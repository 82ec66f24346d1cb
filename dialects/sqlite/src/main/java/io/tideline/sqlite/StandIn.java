package io.tideline.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A database in memory with the schema of a file: tables, indexes and views, no triggers and no
 * rows.
 */
final class StandIn implements AutoCloseable {
  private static final String OBJECTS =
      """
      SELECT s.type, s.name, s.sql FROM main.sqlite_schema AS s
      LEFT JOIN pragma_table_list AS t ON t.schema = 'main' AND t.name = s.name
      WHERE s.sql IS NOT NULL AND s.type IN ('table', 'index', 'view')
        AND coalesce(t.type, '') <> 'shadow' AND lower(substr(s.name, 1, 7)) <> 'sqlite_'
      ORDER BY s.type <> 'table', s.rowid""";

  private final Session source;
  private final Session copy;
  private final List<String> lacks = new ArrayList<>();

  private StandIn(Session source, Session copy) {
    this.source = source;
    this.copy = copy;
  }

  /** Makes the schema anew in memory; the file is only read, for a moment. */
  static StandIn of(DatabaseFile file) throws SQLException {
    Session source = Session.openReading(file);
    try {
      StandIn standIn = new StandIn(source, Session.openEmpty(file, source.pragma("encoding")));
      try {
        standIn.build();
        return standIn;
      } catch (SQLException | RuntimeException e) {
        standIn.copy.close();
        throw e;
      }
    } catch (SQLException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  private void build() throws SQLException {
    for (String[] object : source.strings(OBJECTS)) {
      try {
        copy.execute(object[2]);
      } catch (SQLException e) {
        lacks.add("the " + object[0] + " " + object[1] + " (" + Failures.reason(e) + ")");
      }
    }
    copy.execute("ANALYZE"); // makes the tables of statistics, which stay empty
    copy.execute("ATTACH ':memory:' AS " + SampledRows.SCHEMA);
  }

  /** The connection to the file, which only reads. */
  Session source() {
    return source;
  }

  /** The connection to the stand-in. */
  Session copy() {
    return copy;
  }

  /** What it could not make: what an extension of the application's own provides. */
  List<String> lacks() {
    return lacks;
  }

  @Override
  public void close() {
    copy.close();
    source.close();
  }
}
