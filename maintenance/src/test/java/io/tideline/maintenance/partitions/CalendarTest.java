package io.tideline.maintenance.partitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.catalogue.TableName;
import io.tideline.tuning.NewPartition;
import io.tideline.tuning.PartitionEvery;
import io.tideline.tuning.PartitionFacts;
import io.tideline.tuning.PartitionRule;
import io.tideline.tuning.PartitionedTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which partitions are missing, by the calendar and by what is there. */
final class CalendarTest {
  private static final Instant NOW = Instant.parse("2026-05-15T10:30:00Z");

  private static PartitionedTable table(String... bounds) {
    List<PartitionFacts> partitions = new ArrayList<>();
    for (int i = 0; i < bounds.length; i += 2) {
      partitions.add(
          new PartitionFacts(
              new TableName("public", "p" + i),
              bounds[i].isEmpty() ? Optional.empty() : Optional.of(Instant.parse(bounds[i])),
              bounds[i + 1].isEmpty()
                  ? Optional.empty()
                  : Optional.of(Instant.parse(bounds[i + 1])),
              false,
              0,
              0));
    }
    return new PartitionedTable(
        1,
        new TableName("public", "logs"),
        "at",
        "timestamptz",
        Optional.empty(),
        partitions,
        Optional.empty());
  }

  private static List<String> missing(String every, int ahead, PartitionedTable table) {
    return missing(rule(every).withAhead(ahead), table);
  }

  private static PartitionRule rule(String every) {
    return PartitionRule.of("logs", "logs", "at", PartitionEvery.parse(every, "every"));
  }

  private static List<String> missing(PartitionRule rule, PartitionedTable table) {
    return Calendar.missing(rule, table, NOW).stream().map(CalendarTest::text).toList();
  }

  private static String text(NewPartition each) {
    return each.name().name() + " " + each.from() + " " + each.to();
  }

  @Test
  void goesByTheCalendarInUtc() {
    assertThat(missing("year", 1, table()))
        .containsExactly(
            "logs_2026 2026-01-01T00:00:00Z 2027-01-01T00:00:00Z",
            "logs_2027 2027-01-01T00:00:00Z 2028-01-01T00:00:00Z");
    assertThat(missing("quarter", 1, table()))
        .containsExactly(
            "logs_2026_q2 2026-04-01T00:00:00Z 2026-07-01T00:00:00Z",
            "logs_2026_q3 2026-07-01T00:00:00Z 2026-10-01T00:00:00Z");
    assertThat(missing("month", 1, table()))
        .containsExactly(
            "logs_2026_05 2026-05-01T00:00:00Z 2026-06-01T00:00:00Z",
            "logs_2026_06 2026-06-01T00:00:00Z 2026-07-01T00:00:00Z");
    assertThat(missing("week", 1, table()))
        .containsExactly(
            "logs_2026_05_11 2026-05-11T00:00:00Z 2026-05-18T00:00:00Z",
            "logs_2026_05_18 2026-05-18T00:00:00Z 2026-05-25T00:00:00Z");
    assertThat(missing("day", 1, table()))
        .containsExactly(
            "logs_2026_05_15 2026-05-15T00:00:00Z 2026-05-16T00:00:00Z",
            "logs_2026_05_16 2026-05-16T00:00:00Z 2026-05-17T00:00:00Z");
    assertThat(missing("6h", 1, table()))
        .containsExactly(
            "logs_2026_05_15_0600 2026-05-15T06:00:00Z 2026-05-15T12:00:00Z",
            "logs_2026_05_15_1200 2026-05-15T12:00:00Z 2026-05-15T18:00:00Z");
  }

  @Test
  void fillsOnlyWhatHasNone() {
    PartitionedTable table =
        table(
            "2026-05-01T00:00:00Z",
            "2026-06-01T00:00:00Z",
            "2026-07-01T00:00:00Z",
            "2026-08-01T00:00:00Z");
    assertThat(missing("month", 2, table))
        .containsExactly("logs_2026_06 2026-06-01T00:00:00Z 2026-07-01T00:00:00Z");
    assertThat(Coverage.of(table).reach(NOW)).contains(Instant.parse("2026-06-01T00:00:00Z"));
    assertThat(Coverage.of(table).gaps()).hasSize(1);
    assertThat(missing("month", 5, table("2026-01-01T00:00:00Z", ""))).isEmpty();
    assertThat(Coverage.of(table("", "2026-05-01T00:00:00Z")).reach(NOW)).isEmpty();
  }

  @Test
  void goesOnFromPartitionsOfAnotherZone() {
    assertThat(missing("month", 2, table("2026-04-30T22:00:00Z", "2026-05-31T22:00:00Z")))
        .containsExactly(
            "logs_2026_06 2026-05-31T22:00:00Z 2026-07-01T00:00:00Z",
            "logs_2026_07 2026-07-01T00:00:00Z 2026-08-01T00:00:00Z");
  }

  @Test
  void startsWhereItIsToldButMakesNoThousands() {
    PartitionRule early = rule("month").withStart(Instant.parse("2026-02-10T00:00:00Z"));
    assertThat(missing(early, table())).hasSize(7).first().asString().startsWith("logs_2026_02 ");
    PartitionRule ancient = rule("day").withStart(Instant.EPOCH);
    assertThat(missing(ancient, table())).hasSize(Calendar.MOST);
    PartitionRule later = rule("month").withStart(Instant.parse("2030-01-01T00:00:00Z"));
    assertThat(missing(later, table())).first().asString().startsWith("logs_2026_05 ");
  }
}
