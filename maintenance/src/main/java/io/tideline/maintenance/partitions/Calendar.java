package io.tideline.maintenance.partitions;

import io.tideline.catalogue.TableName;
import io.tideline.tuning.NewPartition;
import io.tideline.tuning.PartitionEvery;
import io.tideline.tuning.PartitionRule;
import io.tideline.tuning.PartitionedTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Which partitions a rule wants, and which of them are missing. */
final class Calendar {
  /** More than anybody wants at once: a mistaken {@code start} shall not make thousands. */
  static final int MOST = 1_000;

  private Calendar() {}

  /** The partitions that are missing now, the earliest first; at most {@link #MOST}. */
  static List<NewPartition> missing(PartitionRule rule, PartitionedTable table, Instant now) {
    PartitionEvery every = rule.every();
    Instant present = every.floor(now);
    Instant from = rule.start().map(every::floor).filter(present::isAfter).orElse(present);
    Instant to = end(rule, now);
    return missing(rule, table, table.name(), from, to);
  }

  /** The end of the last partition that is wanted now. */
  static Instant end(PartitionRule rule, Instant now) {
    Instant to = rule.every().next(rule.every().floor(now));
    for (int i = 0; i < rule.ahead(); i++) {
      to = rule.every().next(to);
    }
    return to;
  }

  /**
   * The partitions that are missing in a stretch of whole ones.
   *
   * @param named the table after which they are named
   */
  static List<NewPartition> missing(
      PartitionRule rule, PartitionedTable table, TableName named, Instant from, Instant to) {
    List<NewPartition> missing = new ArrayList<>();
    for (Coverage.Stretch free : Coverage.of(table).free(from, to)) {
      Instant at = free.from();
      while (at.isBefore(free.to()) && missing.size() < MOST) {
        NewPartition next = at(rule, named, at, free.to());
        missing.add(next);
        at = next.to();
      }
    }
    return missing;
  }

  /**
   * The partition that begins at an instant. Where a partition of other bounds ends a little before
   * a whole one begins, as one of another zone does, the little belongs to the whole one.
   */
  private static NewPartition at(PartitionRule rule, TableName table, Instant at, Instant limit) {
    PartitionEvery every = rule.every();
    Instant whole = every.floor(at);
    Instant end = every.next(whole);
    Duration rest = Duration.between(at, end);
    if (rest.multipliedBy(2).compareTo(Duration.between(whole, end)) < 0 && end.isBefore(limit)) {
      whole = end;
      end = every.next(end);
    }
    String name = rule.names().name(table.name(), whole);
    return new NewPartition(
        new TableName(table.schema(), name), at, end.isBefore(limit) ? end : limit);
  }
}
