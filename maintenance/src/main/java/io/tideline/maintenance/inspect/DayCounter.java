package io.tideline.maintenance.inspect;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.core.rule.EncodingFinder;
import io.tideline.core.rule.PolicyTime;
import io.tideline.core.time.TimeCodec;
import io.tideline.core.time.TimeVerdict;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Database;
import io.tideline.dialect.Item;
import io.tideline.dialect.Range;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Scan;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.health.Day;
import io.tideline.health.DayCounts;
import io.tideline.policy.TimeColumn;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Counts the rows of the last days, each by its own time. */
final class DayCounter {
  static final int DAYS = 30;

  private final Database database;
  private final Catalogue catalogue;
  private final Instant now;

  DayCounter(Database database, Catalogue catalogue, Instant now) {
    this.database = database;
    this.catalogue = catalogue;
    this.now = now;
  }

  /**
   * Counts.
   *
   * @param place {@code table.column}
   * @throws TidelineException {@code ARGUMENT_INVALID}, {@code TABLE_UNKNOWN}, {@code
   *     COLUMN_UNKNOWN}, {@code TIME_UNREADABLE}, {@code TIME_MIXED}
   */
  DayCounts count(String place) {
    int dot = place.lastIndexOf('.');
    if (dot <= 0 || dot == place.length() - 1) {
      throw new TidelineException(
          ErrorCode.ARGUMENT_INVALID,
          "Cannot count the rows of '" + place + "' by day: it is no table and column.",
          "Nothing was changed.",
          "Write it as table.column, such as request_logs.requested_at.");
    }
    Table table = database.resolve(catalogue, place.substring(0, dot));
    String column = database.resolveColumn(table, place.substring(dot + 1));
    try (Reader reader = database.openReader()) {
      return new DayCounts(table.name().toString(), column, days(reader, table, column));
    }
  }

  private List<Day> days(Reader reader, Table table, String column) {
    TimeColumn time = TimeColumn.of(column);
    TimeCodec codec =
        new TimeCodec(EncodingFinder.find(reader, table, time, EncodingFinder.type(table, time)));
    LocalDate last = LocalDate.ofInstant(now, ZoneOffset.UTC);
    LocalDate first = last.minusDays(DAYS - 1L);
    Item item = PolicyTime.item(time);
    Instant from = first.atStartOfDay(ZoneOffset.UTC).toInstant();
    Condition older = new Condition.TimeBefore(item, codec.bound(from));
    Scan scan =
        new Scan(table, List.of(item), List.of(new Condition.Not(older)), Range.all(List.of()));
    long[] counts = new long[DAYS];
    reader.scan(
        scan,
        Integer.MAX_VALUE,
        row -> {
          TimeVerdict verdict = codec.read(row, 0, now, now);
          if (verdict == TimeVerdict.EXPIRED || verdict == TimeVerdict.FRESH) {
            long day = Math.floorDiv(codec.seconds(), 86_400L) - first.toEpochDay();
            if (day >= 0 && day < DAYS) {
              counts[(int) day]++;
            }
          }
          return true;
        });
    List<Day> days = new ArrayList<>();
    for (int i = 0; i < DAYS; i++) {
      days.add(new Day(first.plusDays(i), counts[i]));
    }
    return days;
  }
}
