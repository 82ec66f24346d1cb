package io.tideline.postgresql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Moves the sequences that columns own past the values that the table holds. */
final class Counters {
  private static final String OWNED =
      """
      SELECT a.attname, n.nspname, s.relname, q.seqincrement > 0 AS ascending
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
      JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace
      JOIN pg_catalog.pg_sequence q ON q.seqrelid = s.oid
      JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.deptype IN ('a', 'i') AND d.refobjid = %s""";

  private Counters() {}

  /** Advances each; returns how many there are. */
  static int advance(Session session, TableShape table) throws SQLException {
    List<String> statements = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(OWNED.formatted(table.oid()))) {
      while (rows.next()) {
        String sequence = Sql.quote(rows.getString(2)) + "." + Sql.quote(rows.getString(3));
        boolean ascending = rows.getBoolean(4);
        statements.add(
            """
            SELECT pg_catalog.setval(%s::pg_catalog.regclass, m.v, true)
            FROM %s AS s,
              (SELECT pg_catalog.%s(%s)::pg_catalog.int8 AS v FROM %s) AS m
            WHERE m.v %s s.last_value OR (m.v = s.last_value AND NOT s.is_called)"""
                .formatted(
                    Sql.string(sequence),
                    sequence,
                    ascending ? "max" : "min",
                    table.reference(rows.getString(1)),
                    table.from(),
                    ascending ? ">" : "<"));
      }
    }
    for (String advance : statements) {
      session.text(advance);
    }
    return statements.size();
  }
}
