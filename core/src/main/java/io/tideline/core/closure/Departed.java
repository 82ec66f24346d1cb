package io.tideline.core.closure;

import io.tideline.catalogue.TableName;
import io.tideline.row.Row;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The rows that are still there and will be gone by the time they are asked for: a plan's earlier
 * policies take them. Only tables that matter to a later policy are kept in mind.
 */
public final class Departed {
  /** Nothing is gone but what the database says. */
  public static final Departed NONE = new Departed();

  private final Map<TableName, KeySet> rows = new HashMap<>();
  private Set<TableName> relevant = Set.of();

  /** From now on rows of these tables are kept in mind. */
  public void mind(Set<TableName> tables) {
    relevant = Set.copyOf(tables);
  }

  /** Whether rows of a table are kept in mind. */
  public boolean minds(TableName table) {
    return relevant.contains(table);
  }

  /** Whether rows of any of these tables are kept in mind. */
  public boolean mindsAny(Set<TableName> tables) {
    return tables.stream().anyMatch(this::minds);
  }

  /** A row will be gone. */
  public void add(TableName table, Row key) {
    if (minds(table)) {
      rows.computeIfAbsent(table, name -> new KeySet()).add(key);
    }
  }

  /** Whether any row of a table will be gone. */
  public boolean any(TableName table) {
    return rows.containsKey(table);
  }

  /** Whether a row will be gone. */
  public boolean has(TableName table, Row key) {
    KeySet known = rows.get(table);
    return known != null && known.has(key);
  }
}
