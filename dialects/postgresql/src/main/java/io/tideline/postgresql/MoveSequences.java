package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Passes the sequences of a table on, under the lock of both: one that belongs to a column is given
 * to the other table's column; that of an identity stays, and the other's goes on where it was. The
 * one in use has the name that it always had.
 */
final class MoveSequences {
  private static final String OWNED =
      """
      SELECT a.attname, d.deptype, n.nspname, q.relname,
        on_.nspname AS other_schema, oq.relname AS other
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_class q ON q.oid = d.objid AND q.relkind = 'S'
      JOIN pg_catalog.pg_namespace n ON n.oid = q.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      LEFT JOIN pg_catalog.pg_attribute oa ON oa.attrelid = %2$s AND oa.attname = a.attname
      LEFT JOIN pg_catalog.pg_depend o ON d.deptype = 'i' AND o.refobjid = %2$s
        AND o.refclassid = d.refclassid AND o.refobjsubid = oa.attnum AND o.deptype = 'i'
        AND o.classid = d.classid
      LEFT JOIN pg_catalog.pg_class oq ON oq.oid = o.objid AND oq.relkind = 'S'
      LEFT JOIN pg_catalog.pg_namespace on_ ON on_.oid = oq.relnamespace
      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = %1$s
        AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0 ORDER BY 1""";

  private final Session session;
  private final MoveNames names;

  MoveSequences(Session session, MoveNames names) {
    this.session = session;
    this.names = names;
  }

  private record Owned(String column, boolean identity, TableName name, TableName other) {}

  /**
   * Passes them on.
   *
   * @param from the oid of the table that had the name
   * @param to that of the table that has it now
   */
  void pass(long from, long to) throws SQLException {
    List<Owned> all = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet row =
            statement.executeQuery(OWNED.formatted(Long.toString(from), Long.toString(to)))) {
      while (row.next()) {
        TableName name = new TableName(row.getString("nspname"), row.getString("relname"));
        String other = row.getString("other");
        all.add(
            new Owned(
                row.getString("attname"),
                row.getString("deptype").equals("i"),
                name,
                other == null ? name : new TableName(row.getString("other_schema"), other)));
      }
    }
    for (Owned each : all) {
      if (each.identity()) {
        goOn(each);
      } else {
        session.execute(
            "ALTER SEQUENCE %s OWNED BY %s.%s"
                .formatted(
                    Sql.quote(each.name()), Sql.quote(names.table()), Sql.quote(each.column())));
      }
    }
  }

  /** The first rename locks it, so that nobody takes a number after it was read. */
  private void goOn(Owned each) throws SQLException {
    String schema = each.name().schema();
    TableName aside = new TableName(schema, names.table().name() + "_tideline_aside");
    rename(each.name(), aside);
    session.text(
        "SELECT pg_catalog.setval(%s::pg_catalog.regclass, s.last_value, s.is_called) FROM %s AS s"
            .formatted(Sql.string(Sql.quote(each.other())), Sql.quote(aside)));
    rename(each.other(), new TableName(schema, each.name().name()));
    rename(aside, new TableName(schema, each.other().name()));
  }

  private void rename(TableName from, TableName to) throws SQLException {
    session.execute("ALTER SEQUENCE " + Sql.quote(from) + " RENAME TO " + Sql.quote(to.name()));
  }
}
