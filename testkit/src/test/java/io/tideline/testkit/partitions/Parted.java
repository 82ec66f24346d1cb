package io.tideline.testkit.partitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.plan.Plan;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table of events in partitions by month: ten rows in each of January and August, which are older
 * than the cutoff of 1 September 00:00, and ten in September, which are not.
 */
final class Parted implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");
  static final String TABLE =
      "CREATE TABLE events (id int, account text, at timestamp, payload text, PRIMARY KEY (id, at))"
          + " PARTITION BY RANGE (at)";

  final TestDatabase database;
  final Path folder;

  Parted(Path folder) {
    this.folder = folder;
    database = Product.POSTGRESQL.create(folder);
    database.execute(TABLE);
    for (int month : List.of(1, 8, 9)) {
      database.execute(
          "CREATE TABLE events_%02d PARTITION OF events FOR VALUES FROM ('2026-%02d-01') TO ('2026-%02d-01')"
              .formatted(month, month, month + 1),
          "INSERT INTO events SELECT %d + i, 'acc-' || i %% 3, '2026-%02d-10'::timestamp + i * interval '1 h', 'p' || i FROM generate_series(0, 9) AS i"
              .formatted(month * 100, month));
    }
  }

  Policy.Builder policy() {
    return Policy.of("old", "events").time("at").retain(Duration.ofDays(30));
  }

  Settings settings(Policy... policies) {
    return Settings.of(
            database.url(),
            folder.resolve("archive"),
            policies.length == 0 ? List.of(policy().build()) : List.of(policies))
        .withPace(Pace.OFFLINE);
  }

  Plan plan(Policy... policies) {
    try (Tideline tideline = Tideline.open(settings(policies), new SettableClock(NOW))) {
      return tideline.plan(Selection.all(), RunListener.NONE);
    }
  }

  RunReport run(RunListener listener, Policy... policies) {
    try (Tideline tideline = Tideline.open(settings(policies), new SettableClock(NOW))) {
      RunReport report = tideline.run(tideline.plan(Selection.all(), RunListener.NONE), listener);
      assertThat(tideline.checkRecord(report.recordHead()).problems()).isEmpty();
      return report;
    }
  }

  RunReport run(Policy... policies) {
    return run(RunListener.NONE, policies);
  }

  /** The lines of the record, which must be whole: what each tells, and of how many rows. */
  List<String> recorded() {
    List<String> lines = new ArrayList<>();
    try (Tideline tideline = Tideline.open(settings(), new SettableClock(NOW))) {
      tideline.record(
          line ->
              lines.add(
                  line.kind() + " " + (line.rows().isPresent() ? line.rows().getAsLong() : null)));
      assertThat(tideline.checkRecord(Optional.empty()).problems()).isEmpty();
      assertThat(tideline.checkRecord(Optional.empty()).pending()).isEmpty();
    }
    return lines;
  }

  RestoreReport restore(RestoreRequest request) {
    try (Tideline tideline = Tideline.open(settings(), new SettableClock(NOW))) {
      return tideline.restore(request, RunListener.NONE);
    }
  }

  int inDoubt() {
    try (Tideline tideline = Tideline.open(settings(), new SettableClock(NOW))) {
      return tideline.status().inDoubt().size();
    }
  }

  /** Every live row as text, those of detached partitions not among them. */
  List<String> live() {
    return database.query("SELECT id || ' ' || payload FROM events ORDER BY id");
  }

  /** What the archive shows, as another database's table gets it. */
  List<String> view(boolean gone) {
    try (TestDatabase other = database.sibling()) {
      other.execute(
          "CREATE TABLE events (id int, account text, at timestamp, payload text,"
              + " PRIMARY KEY (id, at, payload))");
      RestoreRequest all = RestoreRequest.everything().into(new DatabaseUrl(other.url()));
      restore(gone ? all.withGone() : all);
      return other.query("SELECT id || ' ' || payload FROM events ORDER BY id, payload");
    }
  }

  /** The tables whose name begins like a partition's, attached or not. */
  List<String> tables() {
    return database.query(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'events\\_%' ORDER BY 1");
  }

  /** The names of the attached partitions. */
  List<String> attached() {
    return database.query(
        "SELECT relid::text FROM pg_partition_tree('events') WHERE level = 1 ORDER BY 1");
  }

  @Override
  public void close() {
    database.close();
  }
}
