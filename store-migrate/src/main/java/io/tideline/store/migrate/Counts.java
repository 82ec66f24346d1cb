package io.tideline.store.migrate;

import java.sql.SQLException;

/** How many rows the tables of both layouts hold. */
record Counts(long oldTraces, long oldMappings, long newTraces, long newMappings) {
  static Counts of(Sql sql, Tables tables) throws SQLException {
    return new Counts(
        sql.number(tables.fill("SELECT count(*) FROM {ot}")),
        sql.number(tables.fill("SELECT count(*) FROM {om}")),
        sql.number(tables.fill("SELECT count(*) FROM {nt}")),
        sql.number(tables.fill("SELECT count(*) FROM {nm}")));
  }

  boolean agree() {
    return oldTraces == newTraces && oldMappings == newMappings;
  }
}
