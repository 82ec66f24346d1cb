package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.UnseenException;
import io.tideline.health.Check;
import io.tideline.health.Figures;
import io.tideline.health.Finding;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Tables divided by time whose partitions will end soon, and default partitions that fill. */
final class PartitionChecks {
  /** Rows of a default partition from which on it is told. */
  private static final long MANY = 1_000;

  private static final Duration SOON = Duration.ofDays(7);

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuu_MM_dd_HHmm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String BOUNDS =
      """
      SELECT n.nspname, c.relname, t.typname, pg_catalog.pg_get_expr(x.relpartbound, x.oid) AS bounds
      FROM pg_catalog.pg_partitioned_table p
      JOIN pg_catalog.pg_class c ON c.oid = p.partrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace
      JOIN pg_catalog.pg_inherits h ON h.inhparent = c.oid AND NOT h.inhdetachpending
      JOIN pg_catalog.pg_class x ON x.oid = h.inhrelid
      WHERE p.partstrat = 'r' AND p.partnatts = 1 AND c.relpersistence <> 't'
        AND tn.nspname = 'pg_catalog' AND t.typname IN ('date', 'timestamp', 'timestamptz')
      ORDER BY 1, 2""";

  private static final String FALLBACKS =
      """
      SELECT n.nspname, c.relname, a.attname, xn.nspname AS default_schema, x.relname AS default_name
      FROM pg_catalog.pg_partitioned_table p
      JOIN pg_catalog.pg_class c ON c.oid = p.partrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
      JOIN pg_catalog.pg_class x ON x.oid = p.partdefid
      JOIN pg_catalog.pg_namespace xn ON xn.oid = x.relnamespace
      WHERE p.partstrat = 'r' AND p.partnatts = 1 AND c.relpersistence <> 't'
        AND (x.reltuples < 0 OR x.reltuples >= %s)
      ORDER BY 1, 2 LIMIT 50"""
          .formatted(Long.toString(MANY));

  private record Bounds(Instant from, Instant to) {
    Duration length() {
      return Duration.between(from, to);
    }
  }

  /** What is known of one table. */
  private static final class Divided {
    private final TimeKey key;
    private final List<Bounds> bounds = new ArrayList<>();
    private boolean endless;
    private boolean fallback;

    Divided(TimeKey key) {
      this.key = key;
    }

    void add(String text) {
      fallback |= text.equals("DEFAULT");
      Optional<PartitionBounds> known = PartitionBounds.of(text);
      Optional<Instant> from = known.flatMap(PartitionBounds::begin).flatMap(key::instant);
      Optional<Instant> to = known.flatMap(PartitionBounds::end).flatMap(key::instant);
      endless |= known.isPresent() && to.isEmpty();
      if (from.isPresent() && to.isPresent()) {
        bounds.add(new Bounds(from.get(), to.get()));
      }
    }
  }

  private PartitionChecks() {}

  /** Those whose last partition ends soon, or ended not long ago. */
  static List<Finding> ending(Asking asking) {
    Instant now =
        Instant.ofEpochSecond(
            Long.parseLong(
                asking.text(
                    "SELECT pg_catalog.floor(extract(epoch FROM"
                        + " pg_catalog.now()))::pg_catalog.int8")));
    Map<TableName, Divided> tables = new LinkedHashMap<>();
    asking.rows(
        BOUNDS,
        row ->
            TimeKey.of("pg_catalog", row.getString("typname"), Optional.empty())
                .map(
                    key ->
                        tables.computeIfAbsent(
                            new TableName(text(row, 1), text(row, 2)), name -> new Divided(key)))
                .map(
                    divided -> {
                      divided.add(text(row, 4));
                      return divided;
                    }));
    List<Finding> findings = new ArrayList<>();
    tables.forEach((name, divided) -> judge(name, divided, now).ifPresent(findings::add));
    return findings;
  }

  private static String text(java.sql.ResultSet row, int column) {
    try {
      return row.getString(column);
    } catch (java.sql.SQLException e) {
      throw new UnseenException("the server says: " + Failures.words(e), e);
    }
  }

  /** One alone, or one that ended long ago, says nothing of what comes. */
  private static Optional<Finding> judge(TableName name, Divided table, Instant now) {
    if (table.endless || table.bounds.size() < 2) {
      return Optional.empty();
    }
    Bounds last =
        table.bounds.stream()
            .reduce((one, other) -> one.to().isAfter(other.to()) ? one : other)
            .orElseThrow();
    Duration length = last.length();
    Duration warned = length.compareTo(SOON) < 0 ? length : SOON;
    Duration left = Duration.between(now, last.to());
    if (left.compareTo(warned) >= 0
        || left.isNegative() && left.negated().compareTo(length.multipliedBy(3)) > 0) {
      return Optional.empty();
    }
    boolean severe = !table.fallback && left.compareTo(warned.dividedBy(4)) < 0;
    String when =
        left.isNegative()
            ? "the last partition ended at " + last.to()
            : "the last partition ends at " + last.to() + ", in " + hours(left);
    return Optional.of(
        Finding.of(
                Check.PARTITIONS_ENDING,
                severe ? Severity.CRITICAL : Severity.WARNING,
                name.toString(),
                when + (table.fallback ? "; a default partition takes what comes after" : ""))
            .mend(remedies(name, table.key, last, now.plus(warned))));
  }

  private static String hours(Duration left) {
    return left.toHours() < 48
        ? Figures.count(left.toHours(), "hour")
        : Figures.count(left.toDays(), "day");
  }

  /** One statement for each partition that is needed. */
  private static Remedy[] remedies(TableName name, TimeKey key, Bounds last, Instant until) {
    List<Remedy> remedies = new ArrayList<>();
    Bounds at = last;
    while (!at.to().isAfter(until)) {
      at = after(at);
      TableName next = new TableName(name.schema(), name.name() + "_" + NAME.format(at.from()));
      remedies.add(
          Remedy.sql(
              "CREATE TABLE %s PARTITION OF %s %s;"
                  .formatted(Sql.quote(next), Sql.quote(name), key.bounds(at.from(), at.to())),
              "holds up everybody while it waits; `tideline partitions --apply` does not, and makes"
                  + " them ahead by itself, once 'partitions' of tideline.yaml names the table"));
    }
    return remedies.toArray(Remedy[]::new);
  }

  /** As long as the last: in months where that was of whole ones. */
  private static Bounds after(Bounds last) {
    LocalDateTime from = LocalDateTime.ofInstant(last.from(), ZoneOffset.UTC);
    LocalDateTime to = LocalDateTime.ofInstant(last.to(), ZoneOffset.UTC);
    long months = ChronoUnit.MONTHS.between(from, to);
    boolean whole = months > 0 && from.plusMonths(months).equals(to);
    return new Bounds(
        last.to(),
        whole ? to.plusMonths(months).toInstant(ZoneOffset.UTC) : last.to().plus(last.length()));
  }

  /** Default partitions that have many rows. */
  static List<Finding> fallbacks(Asking asking) {
    record Fallback(TableName table, String column, TableName name) {}
    List<Fallback> all =
        asking.rows(
            FALLBACKS,
            row ->
                new Fallback(
                    new TableName(row.getString(1), row.getString(2)),
                    row.getString(3),
                    new TableName(row.getString(4), row.getString(5))));
    List<Finding> findings = new ArrayList<>();
    for (Fallback each : all) {
      long rows =
          Long.parseLong(
              asking.text(
                  "SELECT pg_catalog.count(*) FROM (SELECT FROM %s LIMIT 100000) AS s"
                      .formatted(Sql.quote(each.name()))));
      if (rows >= MANY) {
        findings.add(
            Finding.of(
                    Check.DEFAULT_PARTITION,
                    Severity.WARNING,
                    each.table().toString(),
                    (rows == 100_000 ? "at least " : "")
                        + Figures.count(rows, "row")
                        + " of it lie in the default partition "
                        + each.name())
                .mend(
                    Remedy.sql(
                        "SELECT min(%1$s), max(%1$s), count(*) FROM %2$s;"
                            .formatted(Sql.quote(each.column()), Sql.quote(each.name())),
                        "tells of what times they are; `tideline explain default-partition` tells"
                            + " how to move them")));
      }
    }
    return findings;
  }
}
