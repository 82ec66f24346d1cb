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

  private record Version(TableName name, String fingerprint) {
    static Version of(Table table) {
      return new Version(table.name(), table.fingerprint());
    }
  }

  void add(TableShape shape) {
    known.put(Version.of(shape.table()), shape);
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
      throw new TidelineException(
          ErrorCode.CATALOGUE_CHANGED,
          "Cannot use the table " + table.name() + ": it changed since its description was read.",
          "Nothing was changed.",
          "Plan again.");
    }
    return new TableShape(
        table, shape.oid(), shape.partitioned(), shape.rewritten(), shape.columns());
  }
}
