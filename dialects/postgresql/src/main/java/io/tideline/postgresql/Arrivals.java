package io.tideline.postgresql;

import io.tideline.dialect.Arrival;
import io.tideline.dialect.RefusedException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Inserts rows of tables that refer to each other, by one statement: foreign keys that cannot wait
 * for the commit are checked at its end, when all are there.
 *
 * @see <a href="https://www.postgresql.org/docs/current/queries-with.html">Data-modifying
 *     statements in WITH</a>
 */
final class Arrivals {
  private final Session session;
  private final Shapes shapes;

  Arrivals(Session session, Shapes shapes) {
    this.session = session;
    this.shapes = shapes;
  }

  /** Inserts them. @return how many there were */
  long insert(List<Arrival> arrivals) throws SQLException {
    List<String> insertions = new ArrayList<>();
    List<String> counts = new ArrayList<>();
    for (Arrival each : arrivals) {
      TableShape table = shapes.of(each.table(), session);
      if (table.rewritten()) {
        throw new RefusedException(
            "the table "
                + table.name()
                + " has rules, and rows of a cycle of foreign keys can only be inserted by a"
                + " statement in which rules are not allowed",
            false);
      }
      String name = "i" + counts.size();
      String insert = Inserts.statement(session, table, each.columns(), each.rows());
      insertions.add(name + " AS (" + insert + " RETURNING 1)");
      counts.add("(SELECT pg_catalog.count(*) FROM " + name + ")");
    }
    long[] inserted = {0};
    session.copyOut(
        "WITH "
            + String.join(", ", insertions)
            + " SELECT ("
            + String.join(" + ", counts)
            + ")::pg_catalog.int8",
        List.of(Codec.INT8),
        row -> {
          inserted[0] += row.integer(0);
          return true;
        });
    return inserted[0];
  }
}
