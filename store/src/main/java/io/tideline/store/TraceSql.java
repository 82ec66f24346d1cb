package io.tideline.store;

import java.sql.SQLException;
import java.util.List;

/** What {@link TraceStore} says differently to each database. */
interface TraceSql {
  /** Makes the tables and indexes that are not there. */
  void create(Session session) throws SQLException;

  /** Stores traces and their mappings, in order. */
  void store(Session session, List<SessionTrace> batch) throws SQLException;

  /** Keeps others from mapping these traces until the transaction ends. */
  void lock(Session session, List<Long> seqs) throws SQLException;
}
