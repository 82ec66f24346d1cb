package io.tideline.postgresql;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The shapes of tables as catalogues described them; shared by all connections of a database. */
final class Shapes {
  private final Map<Version, TableShape> known = new ConcurrentHashMap<>();
  private final Map<TableName, TableShape> latest = new ConcurrentHashMap<>();

  private record Version(TableName name, String fingerprint) {
    static Version of(Table table) {
      return new Version(table.name(), table.fingerprint());
    }
  }

  void add(TableShape shape) {
    known.put(Version.of(shape.table()), shape);
    latest.put(shape.name(), shape);
  }

  /**
   * The shape of a table as it was last described.
   *
   * @throws TidelineException {@code CATALOGUE_CHANGED} if there is none
   */
  TableShape of(TableName table, Session session) throws SQLException {
    if (!latest.containsKey(table)) {
      CatalogueReader.read(session).forEach(this::add);
    }
    TableShape shape = latest.get(table);
    if (shape == null) {
      throw changed(table);
    }
    return shape;
  }

  /**
   * The shape of a table.
   *
   * @throws TidelineException {@code CATALOGUE_CHANGED} if the table is not as described any more
   */
  TableShape of(Table table, Session session) throws SQLException {
    TableShape shape = known.get(Version.of(table));
    if (shape == null) {
      CatalogueReader.read(session).forEach(this::add);
      shape = known.get(Version.of(table));
    }
    if (shape == null) {
      throw changed(table.name());
    }
    return new TableShape(
        table, shape.oid(), shape.partitioned(), shape.rewritten(), shape.columns());
  }

  private static TidelineException changed(TableName table) {
    return new TidelineException(
        ErrorCode.CATALOGUE_CHANGED,
        "Cannot use the table " + table + ": it changed since its description was read.",
        "Nothing was changed.",
        "Plan again.");
  }
}
