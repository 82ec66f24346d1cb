package io.tideline.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** What {@link TraceStore} says differently to each database. */
interface TraceSql {
  /** The names of a table's columns; empty if there is no such table. */
  Set<String> columns(Session session, String table) throws SQLException;

  /** Makes the tables and indexes that are not there. */
  void create(Session session) throws SQLException;

  /** Stores traces and their mappings, in order. */
  void store(Session session, List<SessionTrace> batch) throws SQLException;

  /** Keeps others from mapping these traces until the transaction ends. */
  void lock(Session session, List<Long> seqs) throws SQLException;
}
