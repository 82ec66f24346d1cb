package io.tideline.postgresql;

import io.tideline.tuning.NewPartition;
import io.tideline.tuning.PartitionFacts;
import io.tideline.tuning.PartitionedTable;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/** Why a default partition keeps another from being attached. */
final class FallbackCheck {
  /** So much is read in some tens of milliseconds. */
  private static final long LARGE = 64L << 20;

  private FallbackCheck() {}

  /** Rows that would belong to the new partition are never moved by us. */
  static Optional<String> obstacle(
      Session session, PartitionedTable table, NewPartition wanted, PartitionFacts fallback)
      throws SQLException {
    String there =
        "SELECT pg_catalog.count(*) FROM (SELECT FROM "
            + Sql.quote(fallback.name())
            + " WHERE "
            + within(table, wanted)
            + " LIMIT "
            + PartitionReading.COUNTED
            + ") AS s";
    long rows = Long.parseLong(session.text(there));
    if (rows > 0) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "The default partition %s holds %s%,d of its rows. Nothing was moved. In one"
                  + " transaction, which keeps everybody out: DETACH it, make the partition, insert"
                  + " the rows into the table, delete them from %s, and attach that again.",
              fallback.name(),
              rows == PartitionReading.COUNTED ? "at least " : "",
              rows,
              fallback.name()));
    }
    if (fallback.bytes() > LARGE) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "The default partition %s takes %,d MB. To attach another the server reads all of it,"
                  + " and nobody could use it meanwhile. Make partitions for its rows first.",
              fallback.name(),
              fallback.bytes() >> 20));
    }
    return Optional.empty();
  }

  private static String within(PartitionedTable table, NewPartition wanted) {
    TimeKey key = new TimeKey(table.type(), table.epoch());
    String column = Sql.quote(table.column());
    return column
        + " >= "
        + key.typed(wanted.from())
        + " AND "
        + column
        + " < "
        + key.typed(wanted.to());
  }
}
