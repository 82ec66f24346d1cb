package io.tideline.postgresql;

import io.tideline.catalogue.Partition;
import io.tideline.catalogue.Table;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.dialect.OldPartitions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the partitions whose bounds lie before a time, judged by the server, which compares as it
 * routes rows. Tables on which something would notice that rows are not deleted one by one have
 * none.
 */
final class OldPartitionFinder {
  private static final Set<Codec> COMPARABLE =
      EnumSet.of(
          Codec.DATE, Codec.TIMESTAMP, Codec.TIMESTAMPTZ, Codec.INT2, Codec.INT4, Codec.INT8);

  private static final String TABLE =
      """
      SELECT c.relispartition AS nested, c.relrowsecurity AS secured,
        pg_catalog.pg_has_role(c.relowner, 'USAGE') AS owned,
        p.partstrat = 'r' AND p.partattrs[0] = a.attnum AND o.opcdefault AS by_time,
        p.partnatts > 1 AS several,
        EXISTS (SELECT FROM pg_catalog.pg_publication_tables t
          JOIN pg_catalog.pg_namespace n ON n.nspname = t.schemaname
          JOIN pg_catalog.pg_class x ON x.relnamespace = n.oid AND x.relname = t.tablename
          WHERE x.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(c.oid))) AS published
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = c.oid
      JOIN pg_catalog.pg_opclass o ON o.oid = p.partclass[0]
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = %2$s
      WHERE c.oid = %1$s""";

  /**
   * Partitions that have nothing of their own which the drop would lose or which would refuse it:
   * what they share with their table is made again with a new partition.
   */
  private static final String PLAIN =
      """
      SELECT x.oid FROM pg_catalog.pg_inherits h
      JOIN pg_catalog.pg_class x ON x.oid = h.inhrelid
      WHERE h.inhparent = %s AND NOT h.inhdetachpending AND x.relkind = 'r'
        AND NOT x.relrowsecurity AND pg_catalog.pg_has_role(x.relowner, 'USAGE')
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
          WHERE k.conrelid = x.oid AND k.conparentid = 0 AND k.contype IN ('p', 'u', 'f', 'x'))
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = x.oid)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger t
          WHERE t.tgrelid = x.oid AND NOT t.tgisinternal AND t.tgparentid = 0)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
          WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = x.oid
            AND d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass)""";

  private OldPartitionFinder() {}

  static OldPartitions find(Session session, TableShape table, Condition.TimeBefore age)
      throws SQLException {
    if (!table.partitioned()
        || !(age.time() instanceof Item.OfColumn column)
        || !COMPARABLE.contains(table.column(column.name()).codec())) {
      return OldPartitions.NONE;
    }
    try (Statement statement = session.statement();
        ResultSet row =
            statement.executeQuery(TABLE.formatted(table.oid(), Sql.string(column.name())))) {
      if (!row.next() || !row.getBoolean("by_time") || row.getBoolean("nested")) {
        return OldPartitions.NONE;
      }
      return new OldPartitions(
          old(session, table, age, table.column(column.name()), row.getBoolean("several")),
          obstacle(row, table.table(), session));
    }
  }

  private static String obstacle(ResultSet row, Table table, Session session) throws SQLException {
    if (table.firesOnDelete()) {
      return "a trigger or rule acts on each deleted row";
    }
    if (!table.referrers().isEmpty()) {
      return "other tables refer to it";
    }
    if (row.getBoolean("secured")) {
      return "it has row-level security";
    }
    if (row.getBoolean("published")) {
      return "a publication publishes it";
    }
    return row.getBoolean("owned") ? "" : "the role " + session.role() + " does not own it";
  }

  private static List<Partition> old(
      Session session,
      TableShape table,
      Condition.TimeBefore age,
      ColumnShape column,
      boolean several)
      throws SQLException {
    List<Partition> known =
        table.table().partitions().stream().filter(each -> !each.divided()).toList();
    List<String> ends = new ArrayList<>();
    for (int i = 0; i < known.size(); i++) {
      int number = i;
      PartitionBounds.of(known.get(i).bounds())
          .flatMap(PartitionBounds::end)
          .ifPresent(end -> ends.add("(" + number + ", " + end + "::" + column.base() + ")"));
    }
    if (ends.isEmpty()) {
      return List.of();
    }
    Set<Long> plain = new HashSet<>();
    read(session, PLAIN.formatted(table.oid()), plain);
    Set<Long> before = new HashSet<>();
    String bound = new Literals(session).time(age.bound(), 0, column.codec(), "::" + column.base());
    // Of several columns, the first may reach the end itself.
    read(
        session,
        "SELECT v.number FROM (VALUES %s) AS v(number, upper) WHERE v.upper %s %s"
            .formatted(String.join(", ", ends), several ? "<" : "<=", bound),
        before);
    List<Partition> old = new ArrayList<>();
    for (int i = 0; i < known.size(); i++) {
      if (before.contains((long) i) && plain.contains(known.get(i).id())) {
        old.add(known.get(i));
      }
    }
    return old;
  }

  private static void read(Session session, String sql, Set<Long> into) throws SQLException {
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        into.add(rows.getLong(1));
      }
    }
  }
}
