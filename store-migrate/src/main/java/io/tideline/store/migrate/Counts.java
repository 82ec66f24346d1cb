package io.tideline.store.migrate;

import java.sql.SQLException;

/** How many rows the tables of both layouts hold. */
record Counts(long oldTraces, long oldMappings, long newTraces, long newMappings) {
  /** Without foreign keys a mapping may outlive its trace; nobody is shown it. */
  private static final String OF_TRACES =
      "SELECT count(*) FROM {nm} AS m WHERE EXISTS (SELECT 1 FROM {nt} AS t WHERE t.seq = m.seq)";

  static Counts of(Sql sql, Tables tables) throws SQLException {
    long oldMappings = sql.number(tables.fill("SELECT count(*) FROM {om}"));
    long newMappings = sql.number(tables.fill("SELECT count(*) FROM {nm}"));
    if (newMappings > oldMappings && tables.equals(Tables.AFTER)) {
      newMappings = sql.number(tables.fill(OF_TRACES));
    }
    return new Counts(
        sql.number(tables.fill("SELECT count(*) FROM {ot}")),
        oldMappings,
        sql.number(tables.fill("SELECT count(*) FROM {nt}")),
        newMappings);
  }

  boolean agree() {
    return oldTraces == newTraces && oldMappings == newMappings;
  }
}
