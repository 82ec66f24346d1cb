package io.tideline.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A database with one random table, its rows, and an archive folder. */
final class Scene implements AutoCloseable {
  static final Duration RETAIN = Duration.ofDays(30);

  /** A fixed present shortly before the real one: a clock may not be ahead of the machine's. */
  static final Instant NOW =
      Instant.now().minus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MILLIS);

  static final Instant CUTOFF = NOW.minus(RETAIN).truncatedTo(ChronoUnit.SECONDS);

  final TestDatabase database;
  final RandomTable table;
  final RandomRows maker;
  final List<RandomRow> rows;
  final Map<String, String> original;
  private final Path folder;
  private final List<TestDatabase> others = new ArrayList<>();

  Scene(Path folder, RandomTable table, int count, Random random) {
    this.folder = folder;
    this.table = table;
    database = table.product().create(folder);
    database.execute(table.ddl());
    maker = new RandomRows(table, CUTOFF, NOW, random);
    rows = maker.insert(database, count);
    original = live();
    assertThat(original).hasSize(count);
  }

  Settings settings(Policy... policies) {
    return Settings.of(
            database.url(), folder.resolve(database.url().replaceAll("\\W", "")), List.of(policies))
        .withPace(Pace.OFFLINE);
  }

  RunReport run(Policy policy) {
    return run(settings(policy), RunListener.NONE);
  }

  RunReport run(Settings settings, RunListener listener) {
    try (Tideline tideline = Tideline.open(settings, new SettableClock(NOW))) {
      RunReport report = tideline.run(tideline.plan(Selection.all(), RunListener.NONE), listener);
      assertThat(tideline.checkRecord(report.recordHead()).problems()).isEmpty();
      return report;
    }
  }

  /** The rows of the table as exact text, by tag. */
  Map<String, String> live() {
    return database.dumpBy(table.name(), "tag");
  }

  /** What the archive shows: what a restore brings into an empty table of another database. */
  Map<String, String> view(Settings settings) {
    TestDatabase other = database.sibling();
    others.add(other);
    other.execute(table.ddl());
    restore(settings, RestoreRequest.everything().into(new DatabaseUrl(other.url())));
    return other.dumpBy(table.name(), "tag");
  }

  RestoreReport restore(Settings settings, RestoreRequest request) {
    try (Tideline tideline = Tideline.open(settings, new SettableClock(NOW))) {
      return tideline.restore(request, RunListener.NONE);
    }
  }

  /** What an archive table of the same database holds of the source's columns. */
  Map<String, String> moved() {
    String archive = table.name() + "_archive";
    Map<String, String> rows = new TreeMap<>();
    String text = database.rowText(database.columns(table.name()));
    List<String> tags = database.query("SELECT tag FROM " + TestDatabase.quote(archive));
    List<String> values = database.query("SELECT " + text + " FROM " + TestDatabase.quote(archive));
    for (int i = 0; i < tags.size(); i++) {
      assertThat(rows.put(tags.get(i), values.get(i))).as("moved twice").isNull();
    }
    return rows;
  }

  /** Both parts together are the original, and no row is in both. */
  void isWhole(Map<String, String> live, Map<String, String> away) {
    assertThat(live.keySet().stream().filter(away::containsKey)).as("rows in both").isEmpty();
    Map<String, String> all = new TreeMap<>(live);
    all.putAll(away);
    assertThat(all).isEqualTo(original);
  }

  /** The tags of rows that a policy without {@code keep_latest} lets go. */
  List<String> expired(RandomPolicy policy, Instant cutoff) {
    return rows.stream()
        .filter(row -> row.expiredAt(cutoff) && policy.allows().test(row))
        .map(RandomRow::tag)
        .toList();
  }

  @Override
  public void close() {
    others.forEach(TestDatabase::close);
    database.close();
  }
}
