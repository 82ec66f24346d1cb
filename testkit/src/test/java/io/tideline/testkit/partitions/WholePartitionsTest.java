package io.tideline.testkit.partitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.error.ExitCode;
import io.tideline.plan.Finding;
import io.tideline.plan.PolicyPlan;
import io.tideline.policy.Action;
import io.tideline.policy.KeepLatest;
import io.tideline.policy.Policy;
import io.tideline.run.RunEvent;
import io.tideline.run.RunReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which partitions go whole, and what becomes of those that do not. */
class WholePartitionsTest {
  @TempDir Path folder;

  private static List<String> planned(Parted parted, Policy... policies) {
    PolicyPlan plan = parted.plan(policies).policies().get(0);
    return plan.partitions().stream()
        .map(each -> each.partition().name().name() + " " + each.rows())
        .toList();
  }

  private static List<String> findings(Parted parted, Policy... policies) {
    return parted.plan(policies).policies().get(0).findings().stream()
        .filter(each -> each.code().equals("partitions-by-rows"))
        .map(Finding::what)
        .toList();
  }

  @ParameterizedTest
  @EnumSource(
      value = Action.class,
      names = {"ARCHIVE", "DELETE"})
  void partitionsOlderThanTheCutoffGoWhole(Action action) {
    try (Parted parted = new Parted(folder)) {
      Policy policy = parted.policy().action(action).build();
      assertThat(planned(parted, policy)).containsExactly("events_01 10", "events_08 10");
      List<String> notes = new ArrayList<>();

      RunReport report =
          parted.run(
              event -> {
                if (event instanceof RunEvent.Noted noted) {
                  notes.add(noted.message());
                }
              },
              policy);

      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.DONE);
      assertThat(report.removed()).isEqualTo(20);
      assertThat(report.policies().get(0).partitions()).containsExactly("events_01", "events_08");
      assertThat(notes)
          .containsExactly(
              "Dropped the partition events_01 with its 10 rows.",
              "Dropped the partition events_08 with its 10 rows.");
      assertThat(parted.tables()).containsExactly("events_09");
      assertThat(parted.live()).hasSize(10);
      if (action == Action.ARCHIVE) {
        assertThat(report.policies().get(0).archived()).isEqualTo(20);
        assertThat(parted.view(false)).hasSize(20).contains("100 p0", "809 p9");
        assertThat(parted.inDoubt()).isZero();
      }
      assertThat(parted.run(policy).removed()).isZero();
      assertThat(parted.recorded())
          .startsWith(
              action == Action.ARCHIVE
                  ? List.of("begun null", "sealed 10", "closed 10", "sealed 10", "closed 10")
                      .toArray(String[]::new)
                  : List.of("begun null", "taking 10", "took 10", "taking 10", "took 10")
                      .toArray(String[]::new));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Action.class,
      names = {"ARCHIVE", "DELETE"})
  void besideADefaultPartitionThemToo(Action action) {
    try (Parted parted = new Parted(folder)) {
      parted.database.execute(
          "CREATE TABLE events_rest PARTITION OF events DEFAULT",
          "INSERT INTO events VALUES (1, 'acc-1', '2020-01-01', 'rest')");
      Policy policy = parted.policy().action(action).build();
      RunReport report = parted.run(policy);

      assertThat(report.removed()).isEqualTo(21);
      assertThat(parted.tables()).containsExactly("events_09", "events_rest");
      assertThat(parted.live()).hasSize(10);
    }
  }

  @Test
  void aPartitionWithARowThatStaysIsCleanedByRows() {
    try (Parted parted = new Parted(folder)) {
      Policy policy = parted.policy().where("id <> 105").build();
      assertThat(planned(parted, policy)).containsExactly("events_08 10");
      assertThat(parted.run(policy).removed()).isEqualTo(19);
      assertThat(parted.attached()).containsExactly("events_01", "events_09");
      assertThat(parted.live()).hasSize(11).contains("105 p5");
      assertThat(parted.view(false)).hasSize(19);
    }
  }

  @Test
  void eachRowIsExpectedAndCountedOnce() {
    try (Parted parted = new Parted(folder)) {
      List<String> began = new ArrayList<>();
      long[] went = new long[2];
      parted.run(
          event -> {
            if (event instanceof RunEvent.Began each && !each.name().startsWith("plan")) {
              began.add(each.name() + " " + each.rows());
            } else if (event instanceof RunEvent.Progressed each) {
              went[0] += each.archived();
              went[1] += each.removed();
            }
          },
          parted.policy().where("id <> 105").build());

      assertThat(began).containsExactly("old events_08 10", "old 9");
      assertThat(went).containsExactly(19, 19);
    }
  }

  @Test
  void aPartitionThatMayStillGetFreshRowsAndAnEmptyOneStay() {
    try (Parted parted = new Parted(folder)) {
      parted.database.execute(
          "DELETE FROM events WHERE at >= '2026-09-01' OR at < '2026-02-01'",
          "DROP TABLE events_09",
          "CREATE TABLE events_wide PARTITION OF events FOR VALUES FROM ('2026-09-01') TO ('2027-01-01')",
          "CREATE TABLE events_open PARTITION OF events FOR VALUES FROM ('2027-01-01') TO (MAXVALUE)",
          "ALTER TABLE events DETACH PARTITION events_08",
          "ALTER TABLE events ATTACH PARTITION events_08 FOR VALUES FROM ('2026-08-01') TO ('2026-08-31 23:59:59')");
      assertThat(parted.run().removed()).isEqualTo(10);
      assertThat(parted.tables()).containsExactly("events_01", "events_open", "events_wide");
    }
  }

  @Test
  void theNewestOfAGroupKeepsItsPartitionUntilNewerOnesCome() {
    try (Parted parted = new Parted(folder)) {
      KeepLatest keep = new KeepLatest(List.of(new KeepLatest.Part("account", false)), 4);
      Policy policy = parted.policy().keepLatest(keep).build();
      // September has 4, 3 and 3 rows of the three accounts: the newest 4 of two reach into August.
      assertThat(planned(parted, policy)).containsExactly("events_01 10");
      assertThat(parted.run(policy).removed()).isEqualTo(18);
      assertThat(parted.attached()).containsExactly("events_08", "events_09");

      parted.database.execute(
          "INSERT INTO events SELECT 950 + i, 'acc-' || i, '2026-09-20', 'new' FROM generate_series(0, 2) i");
      assertThat(planned(parted, policy)).containsExactly("events_08 2");
      assertThat(parted.run(policy).removed()).isEqualTo(2);
      assertThat(parted.tables()).containsExactly("events_09");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END';"
            + "CREATE TRIGGER t BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION f()"
            + "|a trigger or rule acts on each deleted row",
        "CREATE PUBLICATION p FOR TABLE events|a publication publishes it",
        "CREATE PUBLICATION p FOR ALL TABLES|a publication publishes it",
        "CREATE PUBLICATION p FOR TABLE events_01|a publication publishes it",
        "ALTER TABLE events ENABLE ROW LEVEL SECURITY|it has row-level security"
      })
  void wherePartitionsWouldBeMissedTheyAreCleanedByRows(String setting) {
    try (Parted parted = new Parted(folder)) {
      parted.database.execute(setting.substring(0, setting.indexOf('|')));
      assertThat(findings(parted))
          .containsExactly(
              "no partition goes whole: " + setting.substring(setting.indexOf('|') + 1));
      assertThat(planned(parted)).isEmpty();
      assertThat(parted.run().removed()).isEqualTo(20);
      assertThat(parted.attached()).hasSize(3);
    }
  }

  @Test
  void wherePartitionsAreReferredToTheyAreCleanedByRows() {
    try (Parted parted = new Parted(folder)) {
      parted.database.execute(
          "CREATE TABLE notes (id int, at timestamp, FOREIGN KEY (id, at) REFERENCES events)",
          "INSERT INTO notes SELECT id, at FROM events WHERE id = 105");
      assertThat(planned(parted)).isEmpty();
      assertThat(parted.run().removed()).isEqualTo(19);
      assertThat(parted.attached()).hasSize(3);
    }
  }

  @Test
  void partitionsWithSomethingOfTheirOwnAreCleanedByRows() {
    try (Parted parted = new Parted(folder)) {
      parted.database.execute(
          "CREATE VIEW v AS SELECT * FROM events_01",
          "ALTER TABLE events_08 ADD CONSTRAINT own UNIQUE (id)");
      assertThat(planned(parted)).isEmpty();
      assertThat(parted.run().removed()).isEqualTo(20);
      assertThat(parted.attached()).hasSize(3);
    }
  }

  @Test
  void aPredicateThatReadsOtherRowsIsJudgedByRows() {
    try (Parted parted = new Parted(folder)) {
      Policy policy =
          parted.policy().keepIf("id IN (SELECT max(e.id) FROM public.events e)").build();
      assertThat(findings(parted, policy))
          .containsExactly(
              "no partition goes whole: a predicate of a policy or hold reads other rows");
      assertThat(parted.run(policy).removed()).isEqualTo(20);
      assertThat(parted.attached()).hasSize(3);
    }
  }

  @Test
  void movedRowsGoByRowsAndPoliciesOfPartitionsAreHeeded() {
    try (Parted parted = new Parted(folder)) {
      Policy own = Policy.of("own", "events_01").time("at").build();
      assertThat(planned(parted, parted.policy().build(), own)).containsExactly("events_08 10");
      Policy moving = parted.policy().action(Action.MOVE).build();
      assertThat(planned(parted, moving)).isEmpty();
      assertThat(parted.run(moving).removed()).isEqualTo(20);
      assertThat(parted.attached()).hasSize(3);
    }
  }

  @Test
  void predicatesNameTheTableAndPartitionsMayOrderTheirColumnsOtherwise() {
    try (Parted parted = new Parted(folder)) {
      parted.database.execute(
          "CREATE TABLE events_02 (payload text, at timestamp NOT NULL, gone int, account text, id int NOT NULL)",
          "ALTER TABLE events_02 DROP COLUMN gone",
          "ALTER TABLE events ATTACH PARTITION events_02 FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')",
          "INSERT INTO events VALUES (200, 'acc-1', '2026-02-02', 'other')");
      Policy policy = parted.policy().where("events.id > 0").build();
      assertThat(planned(parted, policy)).hasSize(3);
      assertThat(parted.run(policy).policies().get(0).partitions()).hasSize(3);
      assertThat(parted.view(false)).hasSize(21).contains("200 other");
    }
  }

  @Test
  void ofAnyTypeOfTimeAndSeveralColumns() {
    try (Parted parted = new Parted(folder)) {
      parted.database.execute(
          "CREATE TABLE t (id int, at timestamptz, PRIMARY KEY (at, id)) PARTITION BY RANGE (at, id)",
          "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2026-01-01', 0) TO ('2026-08-31', 5)",
          "CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM ('2026-08-31', 5) TO ('2026-09-01', 5)",
          "CREATE TABLE n (id int, at bigint, PRIMARY KEY (at, id)) PARTITION BY RANGE (at)",
          "CREATE TABLE n_1 PARTITION OF n FOR VALUES FROM (-5) TO (1767225600)",
          "CREATE TABLE n_2 PARTITION OF n FOR VALUES FROM (1767225600) TO (MAXVALUE)",
          "INSERT INTO t VALUES (1, '2026-03-01'), (6, '2026-08-31 12:00:00')",
          "INSERT INTO n VALUES (1, 1750000000), (2, 1767225601)");
      Policy t = Policy.of("t", "t").time("at").retain(java.time.Duration.ofDays(30)).build();
      Policy n = Policy.of("n", "n").time("at").retain(java.time.Duration.ofDays(30)).build();
      assertThat(parted.plan(t, n).policies())
          .extracting(
              each -> each.partitions().stream().map(p -> p.partition().name().name()).toList())
          .containsExactly(List.of("t_1"), List.of("n_1"));
      RunReport report = parted.run(t, n);
      assertThat(report.exit()).isEqualTo(ExitCode.DONE);
      assertThat(report.removed()).isEqualTo(4);
      assertThat(
              parted.database.query(
                  "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^[tn]_[0-9]$' ORDER BY 1"))
          .containsExactly("n_2", "t_2");
    }
  }
}
