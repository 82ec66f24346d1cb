package io.tideline.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What differs between databases. */
interface Product {
  /** What kind of failure it is. */
  Trouble trouble(SQLException failure);

  /** The lines of the plan of a query, were its tables large. */
  List<String> plan(Session session, String sql, @Nullable Object... values) throws SQLException;

  /** Whether a plan reads the table by this seek, or an index that serves it is there. */
  boolean serves(Session session, List<String> plan, Seek seek) throws SQLException;

  /** The names of a table's columns; empty if there is no such table. */
  Set<String> columns(Session session, String table) throws SQLException;

  /** The type of an expression over a table, as {@link #bound} takes it. */
  String type(Session session, String table, String expression) throws SQLException;

  /** A value that nobody knows yet, for plans. */
  String unknown(String type);

  /** A placeholder for a value that is compared with a column of this type. */
  String bound(String type);

  /** A column as it is read to be bound again later, without loss. */
  String exact(String column);

  /** What locks the rows of a SELECT until the transaction ends; empty where nobody else writes. */
  String forUpdate();

  /** The statements of {@link LatestPerKey}. */
  LatestSql latest(LatestShape shape);

  /** The statements of {@link TraceStore}. */
  TraceSql traces();
}
