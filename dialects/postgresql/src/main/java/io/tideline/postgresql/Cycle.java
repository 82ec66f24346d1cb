package io.tideline.postgresql;

import io.tideline.dialect.Doomed;
import io.tideline.dialect.RefusedException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes rows of tables that refer to each other, by one statement: foreign keys that cannot wait
 * for the commit are checked at its end, when all are gone.
 *
 * @see <a href="https://www.postgresql.org/docs/current/queries-with.html">Data-modifying
 *     statements in WITH</a>
 */
final class Cycle {
  private final Session session;
  private final Shapes shapes;
  private final LossCounter losses;

  Cycle(Session session, Shapes shapes, LossCounter losses) {
    this.session = session;
    this.shapes = shapes;
    this.losses = losses;
  }

  /** Deletes them. @return how many there were */
  long remove(List<Doomed> doomed) throws SQLException {
    Query delete = delete(doomed);
    for (Doomed each : doomed) {
      losses.beforeRemoval(each.table(), false);
    }
    long[] removed = {0};
    session.copyOut(
        delete.sql(),
        delete.codecs(),
        row -> {
          for (int i = 0; i < row.width(); i++) {
            losses.removed(doomed.get(i).table().name(), row.integer(i));
            removed[0] += row.integer(i);
          }
          return true;
        });
    return removed[0];
  }

  /** The statement; it gives one row, how many rows of each table it deleted. */
  private Query delete(List<Doomed> doomed) throws SQLException {
    List<String> deletions = new ArrayList<>();
    List<String> counts = new ArrayList<>();
    List<Codec> codecs = new ArrayList<>();
    for (Doomed each : doomed) {
      TableShape table = shapes.of(each.table(), session);
      if (table.rewritten()) {
        throw new RefusedException(
            "the table "
                + table.name()
                + " has rules, and rows of a cycle of foreign keys can only be deleted by a"
                + " statement in which rules are not allowed",
            false);
      }
      RowSql sql = new RowSql(session, table, List.of());
      Rows rows = Query.rowsOf(sql, table, List.of(), each.keys());
      String name = "d" + counts.size();
      deletions.add(name + " AS (DELETE FROM " + rows.deleted() + " RETURNING 1)");
      counts.add("(SELECT pg_catalog.count(*) FROM " + name + ")");
      codecs.add(Codec.INT8);
    }
    return new Query(
        "WITH " + String.join(", ", deletions) + " SELECT " + String.join(", ", counts), codecs);
  }
}
