package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.health.Check;
import io.tideline.health.Figures;
import io.tideline.health.Finding;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sequences that will soon have no number left, or none that their column can hold. */
final class SequenceCheck {
  private static final double WARNING = 0.75;
  private static final double CRITICAL = 0.9;

  /** A sequence belongs to a column, or stands in its default; partitions inherit theirs. */
  private static final String SEQUENCES =
      """
      WITH used AS (
        SELECT d.objid AS sequence, d.refobjid AS relation, d.refobjsubid AS num
        FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
          AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
          AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
        UNION
        SELECT d.refobjid, f.adrelid, f.adnum
        FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attrdef f ON f.oid = d.objid
        WHERE d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
          AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
          AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_attribute i
            WHERE i.attrelid = f.adrelid AND i.attnum = f.adnum AND i.attinhcount > 0))
      SELECT n.nspname, q.relname, s.seqmax, s.last, s.seqtypid = 20 AS large,
        tn.nspname AS table_schema, t.relname AS table_name, a.attname, a.atttypid::pg_catalog.int8 AS kind
      FROM (SELECT p.*, CASE
              WHEN pg_catalog.has_sequence_privilege(p.seqrelid, 'SELECT, USAGE')
              THEN pg_catalog.pg_sequence_last_value(p.seqrelid) END AS last
            FROM pg_catalog.pg_sequence p
            WHERE NOT p.seqcycle AND p.seqincrement > 0) AS s
      JOIN pg_catalog.pg_class q ON q.oid = s.seqrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = q.relnamespace
      LEFT JOIN used u ON u.sequence = s.seqrelid
      LEFT JOIN pg_catalog.pg_class t ON t.oid = u.relation
      LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = u.relation AND a.attnum = u.num
      WHERE s.last::pg_catalog.float8 / LEAST(s.seqmax, CASE a.atttypid WHEN 21 THEN 32767
          WHEN 23 THEN 2147483647 ELSE 9223372036854775807 END) >= %s
      ORDER BY 1, 2"""
          .formatted(Double.toString(WARNING));

  private SequenceCheck() {}

  static List<Finding> look(Asking asking) {
    return asking.rows(SEQUENCES, SequenceCheck::finding);
  }

  private static Finding finding(ResultSet row) throws SQLException {
    TableName name = new TableName(row.getString(1), row.getString(2));
    Optional<String> column = Optional.ofNullable(row.getString("attname"));
    long most =
        switch ((int) row.getLong("kind")) {
          case 21 -> Short.MAX_VALUE;
          case 23 -> Integer.MAX_VALUE;
          default -> Long.MAX_VALUE;
        };
    long limit = Math.min(row.getLong("seqmax"), most);
    long last = row.getLong("last");
    double share = (double) last / limit;
    List<Remedy> remedies = new ArrayList<>();
    if (column.isPresent() && most < Long.MAX_VALUE) {
      TableName table = new TableName(row.getString("table_schema"), row.getString("table_name"));
      remedies.add(
          Remedy.sql(
              "ALTER TABLE %s ALTER COLUMN %s TYPE bigint;"
                  .formatted(Sql.quote(table), Sql.quote(column.get())),
              "writes the table anew, and nobody reads it meanwhile; columns that refer to it need"
                  + " the same"));
    }
    if (!row.getBoolean("large")) {
      remedies.add(Remedy.sql("ALTER SEQUENCE " + Sql.quote(name) + " AS bigint;"));
    }
    if (row.getLong("seqmax") < Long.MAX_VALUE) {
      remedies.add(Remedy.sql("ALTER SEQUENCE " + Sql.quote(name) + " NO MAXVALUE;"));
    }
    return Finding.of(
            Check.SEQUENCE_ENDING,
            share >= CRITICAL ? Severity.CRITICAL : Severity.WARNING,
            name.toString(),
            Figures.percent(share)
                + " of its numbers are given: "
                + Figures.count(limit - last, "number")
                + " left"
                + column.map(each -> " for " + each).orElse(""))
        .mend(remedies.toArray(Remedy[]::new));
  }
}
