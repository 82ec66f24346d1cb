package io.tideline.dialect;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QueryText;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A stand-in of a database, on which indexes are tried that are not there: its planner takes the
 * tables to be as large as they are, or as large as they are said to be in production. The database
 * itself is only read, in short transactions; what stands in vanishes with the connection. Belongs
 * to one thread.
 *
 * <p>Every call throws {@link io.tideline.error.TidelineException}: {@code QUERY_REFUSED}, {@code
 * SQL_FAILED}, {@code DATABASE_BUSY}, {@code CONNECTION_LOST}, {@code RIGHTS_MISSING}. Nothing is
 * changed then either.
 */
public interface WhatIf extends AutoCloseable {
  /**
   * The plan of a query with the indexes of the database and those that were added; with a cost.
   *
   * @param values of the placeholders in order, as {@link GuardedSession#explain} takes them
   */
  QueryPlan explain(QueryText text, List<@Nullable Object> values);

  /**
   * Adds an index to the stand-in.
   *
   * @return about how many bytes it would take in the database
   * @throws io.tideline.error.TidelineException {@code SQL_FAILED} if the engine makes no such
   *     index
   */
  long add(Table table, IndexSpec index);

  /** Takes an index from the stand-in that was added. */
  void remove(Table table, IndexSpec index);

  /** The rows that the planner takes a table to have; empty for what no query named yet. */
  OptionalLong rows(TableName table);

  /** The statement that makes an index in the database, for a person to run. */
  String statement(Table table, IndexSpec index);

  /** On what the plans rest, one sentence each. */
  List<String> basis();

  @Override
  void close();
}
