package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.tuning.PartitionRule;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Whether a table can be moved as a rule says, before anything is made. */
final class MoveFitness {
  private final Session session;
  private final MoveNames names;
  private final PartitionRule rule;

  MoveFitness(Session session, MoveNames names, PartitionRule rule) {
    this.session = session;
    this.names = names;
    this.rule = rule;
  }

  /** Why it cannot, one phrase each; empty if it can. */
  List<String> obstacles() throws SQLException {
    long table = MoveWork.oid(session, names.table());
    List<String> all = new ArrayList<>(MoveObstacles.of(session, table, 0));
    MoveShape shape = MoveShape.read(session, table);
    keyObstacles(shape, all);
    columnObstacles(table, all);
    if (shape.indexes().stream().anyMatch(each -> each.rest().isEmpty())) {
      all.add("the server writes the definition of an index in another way than is known");
    }
    for (TableName each : made()) {
      if (MoveWork.oid(session, each) != 0) {
        all.add("there is something called " + each);
      }
    }
    return all;
  }

  private List<TableName> made() {
    return List.of(names.copy(), names.before(), names.log(), names.memory(), names.broken());
  }

  private void keyObstacles(MoveShape shape, List<String> all) {
    for (String each : shape.key()) {
      if (!shape.columns().contains(each)) {
        all.add("its key has the generated column " + each);
      }
    }
    List<String> wanted = shape.copyKey(rule.by());
    if (shape.key().isEmpty() || shape.key().contains(rule.by())) {
      return;
    }
    if (!new TreeSet<>(rule.uniqueBy()).equals(new TreeSet<>(wanted))) {
      all.add(
          "on a partitioned table ("
              + String.join(", ", shape.key())
              + ") alone cannot be unique, only together with "
              + rule.by()
              + "; if the application can do with that, write 'unique_by: ["
              + String.join(", ", wanted)
              + "]'");
    }
  }

  private void columnObstacles(long table, List<String> all) throws SQLException {
    try (Statement statement = session.statement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT a.attnotnull, a.attgenerated <> '' AS generated, n.nspname, t.typname
                FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
                WHERE a.attrelid = %s AND a.attname = %s"""
                    .formatted(Long.toString(table), Sql.string(rule.by())))) {
      row.next();
      if (!row.getBoolean("attnotnull")) {
        all.add(
            rule.by()
                + " may be NULL, and a row without time belongs to no partition: make it NOT NULL"
                + " first");
      }
      if (row.getBoolean("generated")) {
        all.add(rule.by() + " is a generated column");
      }
      if (TimeKey.of(row.getString("nspname"), row.getString("typname"), rule.epoch()).isEmpty()) {
        all.add(rule.by() + " holds no times, or 'epoch' does not fit it");
      }
    }
  }
}
