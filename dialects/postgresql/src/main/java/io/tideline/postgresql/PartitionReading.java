package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.EpochUnit;
import io.tideline.tuning.PartitionFacts;
import io.tideline.tuning.PartitionedTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads which partitions a table has. */
final class PartitionReading {
  /** More rows of a default partition are not counted. */
  static final long COUNTED = 100_000;

  private static final String TABLE =
      """
      SELECT c.oid, c.relkind, c.relpersistence, p.partstrat, p.partnatts,
        p.partattrs[0] = a.attnum AS by_it, o.opcdefault AS usual,
        tn.nspname AS type_schema, t.typname
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = %s
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace
      LEFT JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = c.oid
      LEFT JOIN pg_catalog.pg_opclass o ON o.oid = p.partclass[0]
      WHERE n.nspname = %s AND c.relname = %s""";

  private static final String PARTITIONS =
      """
      SELECT n.nspname, c.relname, pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bounds,
        (SELECT pg_catalog.sum(GREATEST(x.reltuples, -1))::pg_catalog.int8
         FROM pg_catalog.pg_partition_tree(c.oid) l JOIN pg_catalog.pg_class x ON x.oid = l.relid
         WHERE l.isleaf) AS rows,
        (SELECT pg_catalog.sum(pg_catalog.pg_total_relation_size(l.relid))::pg_catalog.int8
         FROM pg_catalog.pg_partition_tree(c.oid) l WHERE l.isleaf) AS bytes
      FROM pg_catalog.pg_inherits h
      JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE h.inhparent = %s AND NOT h.inhdetachpending""";

  private static final Comparator<PartitionFacts> EARLIEST =
      Comparator.comparing(each -> each.from().orElse(Instant.MIN));

  private PartitionReading() {}

  static PartitionedTable read(
      Session session, TableName table, String column, Optional<EpochUnit> epoch)
      throws SQLException {
    try (Statement statement = session.statement();
        ResultSet row =
            statement.executeQuery(
                TABLE.formatted(
                    Sql.string(column), Sql.string(table.schema()), Sql.string(table.name())))) {
      if (!row.next()) {
        throw refused(table, "it is gone", "Look again.");
      }
      requireDivided(row, table, column);
      TimeKey key =
          TimeKey.of(row.getString("type_schema"), row.getString("typname"), epoch)
              .orElseThrow(() -> noTime(table, column, epoch));
      return read(session, row.getLong("oid"), table, column, key);
    }
  }

  private static void requireDivided(ResultSet row, TableName table, String column)
      throws SQLException {
    if (!row.getString("relkind").equals("p")) {
      throw refused(
          table,
          "it is not partitioned",
          "Make it with PARTITION BY RANGE (" + Sql.quote(column) + ").");
    }
    if (!row.getString("partstrat").equals("r")
        || row.getInt("partnatts") != 1
        || !row.getBoolean("by_it")
        || !row.getBoolean("usual")) {
      throw refused(
          table,
          "it is not divided by ranges of " + column + " alone",
          "Name the column of its PARTITION BY RANGE, or take it out of 'partitions'.");
    }
    if (row.getString("relpersistence").equals("t")) {
      throw refused(table, "it is temporary", "Take it out of 'partitions'.");
    }
  }

  static TidelineException noTime(TableName table, String column, Optional<EpochUnit> epoch) {
    return epoch.isPresent()
        ? refused(
            table,
            "'epoch' is for whole numbers, and " + column + " holds none",
            "Remove 'epoch', or name a column of type integer or bigint.")
        : refused(
            table,
            column + " is of a type that is no time",
            "Name a column of type date, timestamp or timestamptz; for integer or bigint say what"
                + " it counts: 'epoch: s' or 'epoch: ms'.");
  }

  static TidelineException refused(TableName table, String why, String mend) {
    return new TidelineException(
        ErrorCode.PARTITIONS_IMPOSSIBLE,
        "Cannot keep partitions of " + table + ": " + why + ".",
        "Nothing was changed.",
        mend);
  }

  private static PartitionedTable read(
      Session session, long oid, TableName table, String column, TimeKey key) throws SQLException {
    List<PartitionFacts> partitions = new ArrayList<>();
    Optional<PartitionFacts> fallback = Optional.empty();
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(PARTITIONS.formatted(Long.toUnsignedString(oid)))) {
      while (rows.next()) {
        PartitionFacts facts = facts(rows, table, key);
        if (facts.fallback()) {
          fallback = Optional.of(facts);
        } else {
          partitions.add(facts);
        }
      }
    }
    partitions.sort(EARLIEST);
    Optional<PartitionedTable.Fallback> counted = Optional.empty();
    if (fallback.isPresent()) {
      counted = Optional.of(count(session, fallback.get(), column, key));
    }
    return new PartitionedTable(oid, table, column, key.type(), key.epoch(), partitions, counted);
  }

  private static PartitionFacts facts(ResultSet row, TableName table, TimeKey key)
      throws SQLException {
    TableName name = new TableName(row.getString("nspname"), row.getString("relname"));
    String bounds = row.getString("bounds");
    long rows = row.getLong("rows");
    long bytes = row.getLong("bytes");
    if (bounds.equals("DEFAULT")) {
      return new PartitionFacts(name, Optional.empty(), Optional.empty(), true, rows, bytes);
    }
    PartitionBounds known =
        PartitionBounds.of(bounds)
            .orElseThrow(() -> refused(table, "the bounds of " + name + " are odd", "Look at it."));
    return new PartitionFacts(
        name,
        bound(known.begin(), table, name, key),
        bound(known.end(), table, name, key),
        false,
        rows,
        bytes);
  }

  /** Infinity is as good as no bound. */
  private static Optional<Instant> bound(
      Optional<String> constant, TableName table, TableName name, TimeKey key) {
    if (constant.isEmpty() || constant.get().contains("infinity")) {
      return Optional.empty();
    }
    Optional<Instant> bound = key.instant(constant.get());
    if (bound.isEmpty()) {
      throw refused(table, "the bounds of " + name + " are no usual time", "Look at it.");
    }
    return bound;
  }

  private static PartitionedTable.Fallback count(
      Session session, PartitionFacts fallback, String column, TimeKey key) throws SQLException {
    String sql =
        "SELECT pg_catalog.count(*), pg_catalog.min(s.k)::pg_catalog.text,"
            + " pg_catalog.max(s.k)::pg_catalog.text FROM (SELECT "
            + Sql.quote(column)
            + " AS k FROM "
            + Sql.quote(fallback.name())
            + " LIMIT "
            + (COUNTED + 1)
            + ") AS s";
    try (Statement statement = session.statement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      boolean more = row.getLong(1) > COUNTED;
      return new PartitionedTable.Fallback(
          fallback,
          Math.min(COUNTED, row.getLong(1)),
          more,
          more ? Optional.empty() : Optional.ofNullable(row.getString(2)).flatMap(key::instant),
          more ? Optional.empty() : Optional.ofNullable(row.getString(3)).flatMap(key::instant));
    }
  }
}
