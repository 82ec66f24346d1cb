package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.core.archive.Storage;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Finding;
import io.tideline.policy.Action;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Require;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.policy.Terms;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A guard forbids to take rows: before a run begins, before a policy, and while it goes on. */
class GuardsTest {
  private static final String RUNNING = "SELECT 1 FROM jobs WHERE status = 'running'";

  @TempDir Path folder;

  private static Require backup(Duration age) {
    return new Require(Optional.of(age), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static Require freeDisk(long bytes) {
    return new Require(Optional.empty(), Optional.of(bytes), Optional.empty(), Optional.empty());
  }

  private static Require maxEligible(double share) {
    return new Require(Optional.empty(), Optional.empty(), Optional.of(share), Optional.empty());
  }

  private static Require none(String sql) {
    return new Require(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(sql));
  }

  private static Terms terms(Require require) {
    return Terms.of(Pace.OFFLINE).withRequire(require);
  }

  private static Settings settings(Events events, Require require) {
    return events.settings().withTerms(terms(require), Map.of());
  }

  private static void isRefused(Events events, Settings settings, String... words) {
    assertThatThrownBy(() -> events.run(settings, RunListener.NONE))
        .isInstanceOfSatisfying(
            TidelineException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.GUARD);
              assertThat(e.code().exitCode()).isEqualTo(ExitCode.FORBIDDEN);
              assertThat(e.what()).contains("Cannot run policy 'old': the guard '").contains(words);
              assertThat(e.state()).isEqualTo("Nothing was changed.");
              assertThat(e.mend()).endsWith("or change 'require' in the file.");
            });
    assertThat(events.live()).hasSize(40);
    assertThat(findings(settings))
        .anySatisfy(
            each -> {
              assertThat(each.code()).isEqualTo("guard");
              assertThat(each.what())
                  .startsWith("A run would be refused: the guard '")
                  .contains(words);
            });
  }

  private static List<Finding> findings(Settings settings) {
    try (Tideline tideline = Tideline.open(settings, new SettableClock(Events.NOW))) {
      return tideline.plan(Selection.all(), RunListener.NONE).policies().stream()
          .flatMap(each -> each.findings().stream())
          .toList();
    }
  }

  private static void goes(Events events, Settings settings) {
    assertThat(findings(settings)).noneMatch(each -> each.code().equals("guard"));
    assertThat(events.run(settings, RunListener.NONE).exit()).isEqualTo(ExitCode.DONE);
    assertThat(events.live()).hasSize(10);
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aBackupMustBeOfThisDatabaseVerifiedAndYoung(Product product) throws IOException {
    try (Events events = new Events(product, folder)) {
      Settings settings = settings(events, backup(Duration.ofHours(24)));
      isRefused(events, settings, "'backup' forbids it: no verified backup of this database is");

      events.run(
          events.settings(events.policy().build().withRetain(Optional.empty())),
          RunListener.NONE); // makes archive.json
      String source =
          Files.readString(settings.archive().resolve("archive.json"))
              .replaceAll("(?s).*\"source\": (\\{[^}]*}).*", "$1");
      String other = source.replaceAll("\"id\": \"[^\"]*\"", "\"id\": \"another\"");
      Path backups = Files.createDirectories(settings.archive().resolve("backups"));
      Instant fresh = Events.NOW.minus(Duration.ofHours(3));
      write(backups, "a", fresh, true, other);
      write(backups, "b", fresh, false, source);
      write(backups, "c", Events.NOW.plus(Duration.ofHours(1)), true, source);
      Files.writeString(backups.resolve("d.json"), "{\"version\": 1");
      isRefused(
          events,
          settings,
          "known (records that do not count: 1 of another database, 1 not verified, 2 damaged or of the future)");

      write(backups, "e", Events.NOW.minus(Duration.ofHours(25)), true, source);
      isRefused(
          events,
          settings,
          "the newest verified backup of this database is of 2026-09-29T23:00:00Z, older than 24 h");

      write(backups, "f", Events.NOW.minus(Duration.ofHours(24)), true, source);
      goes(events, settings);
    }
  }

  private static void write(Path backups, String name, Instant at, boolean verified, String source)
      throws IOException {
    Files.writeString(
        backups.resolve(name + ".json"),
        """
        {"version": 1, "at": "%s", "verified": %s, "source": %s, "place": "/backup", "sha256": "00"}
        """
            .formatted(at, verified, source));
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aShareThatIsTooLargeIsNotTaken(Product product) {
    try (Events events = new Events(product, folder)) {
      isRefused(
          events,
          settings(events, maxEligible(0.5)),
          "'max_eligible' forbids it: 75.0 % of the rows of ",
          "events would go (30 of 40), and at most 50 % may");
      Settings own =
          events
              .settings()
              .withTerms(terms(maxEligible(0.5)), Map.of("old", terms(maxEligible(0.75))));
      goes(events, own);
    }
  }

  @Test
  void oneTreeByItsKeyIsNoShare() {
    try (Events events = new Events(Product.SQLITE, folder);
        Tideline tideline =
            Tideline.open(settings(events, maxEligible(0.001)), new SettableClock(Events.NOW))) {
      Selection one = new Selection(List.of("old"), List.of(), Optional.empty(), Optional.of("7"));
      RunReport report = tideline.run(tideline.plan(one, RunListener.NONE), RunListener.NONE);
      assertThat(report.exit()).isEqualTo(ExitCode.DONE);
      assertThat(events.live()).hasSize(39);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aQueryMustGiveNoRow(Product product) {
    try (Events events = new Events(product, folder)) {
      isRefused(
          events,
          settings(events, none(RUNNING)),
          "'none' forbids it: its query fails: Cannot ask the query " + RUNNING);
      events.database.execute(
          "CREATE TABLE jobs (status text)", "INSERT INTO jobs VALUES ('running'), ('done')");
      isRefused(
          events,
          settings(events, none(RUNNING)),
          "'none' forbids it: its query gives a row: " + RUNNING);
      String writing = "DELETE FROM jobs RETURNING status";
      isRefused(events, settings(events, none(writing)), "its query fails: ");
      assertThat(events.database.count("jobs")).isEqualTo(2);
      events.database.execute("UPDATE jobs SET status = 'done'");
      goes(events, settings(events, none(RUNNING)));
    }
  }

  private static Storage disk(AtomicLong free, Path small) {
    return new Storage() {
      @Override
      public long usableBytes(Path file) throws IOException {
        return file.startsWith(small) ? free.get() : super.usableBytes(file);
      }
    };
  }

  @Test
  void thereMustBeRoomForTheArchiveAndTheDatabase() {
    AtomicLong free = new AtomicLong(1 << 20);
    for (String small : List.of("archive", "test.db")) {
      try (Events events = new Events(Product.SQLITE, folder.resolve(small))) {
        Settings settings = settings(events, freeDisk(2 << 20));
        Path place =
            small.equals("archive")
                ? settings.archive()
                : Path.of(events.database.url().replaceFirst("^sqlite:", ""));
        assertThatThrownBy(() -> events.run(settings, RunListener.NONE, disk(free, place)))
            .hasMessageContaining(
                "the guard 'free_disk' forbids it: 1 MB are free where "
                    + place
                    + " lies, and 2 MB are required");
        assertThat(events.live()).hasSize(40);
        goes(events, settings);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void onePolicyIsSkippedAndTheOthersGo(Product product) {
    try (Events events = new Events(product, folder)) {
      events.database.execute(
          "CREATE TABLE others (id int PRIMARY KEY NOT NULL, created_at "
              + (product == Product.POSTGRESQL ? "timestamp" : "text")
              + ")",
          "INSERT INTO others VALUES (1, '2026-01-01 00:00:00'), (2, '2026-09-30 00:00:00')");
      Policy other =
          Policy.of("other", "others").time("created_at").retain(Duration.ofDays(30)).build();
      Settings settings =
          Settings.of(
                  events.database.url(),
                  folder.resolve("archive"),
                  List.of(events.policy().build(), other))
              .withTerms(Terms.of(Pace.OFFLINE), Map.of("old", terms(maxEligible(0.1))));

      RunReport report = events.run(settings, RunListener.NONE);

      assertThat(report.exit()).isEqualTo(ExitCode.FORBIDDEN);
      assertThat(report.policies().get(0).skipped())
          .startsWith("the guard 'max_eligible' forbids it: 75.0 %");
      assertThat(events.live()).hasSize(40);
      assertThat(events.database.count("others")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void aRunOfHoursNotices(Action action) {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.database.execute("CREATE TABLE jobs (status text)");
      Pace pace = Pace.OFFLINE;
      Pace small =
          new Pace(
              pace.base(),
              pace.lock(),
              pace.work(),
              10,
              10,
              pace.log(),
              pace.lag(),
              pace.patience());
      Settings settings =
          events
              .settings(events.policy().action(action).build())
              .withTerms(Terms.of(small).withRequire(none(RUNNING)), Map.of());
      SettableClock clock = new SettableClock(Events.NOW);
      RunReport report;
      try (Tideline tideline = Tideline.open(settings, clock)) {
        report =
            tideline.run(
                tideline.plan(Selection.all(), RunListener.NONE),
                FailingAt.doing(
                    Step.BATCH_COMMITTED,
                    1,
                    () -> {
                      events.database.execute("INSERT INTO jobs VALUES ('running')");
                      clock.advance(Duration.ofSeconds(6));
                    }));
      }
      assertThat(report.exit()).isEqualTo(ExitCode.FORBIDDEN);
      assertThat(report.policies().get(0).skipped()).contains("guard 'none'");
      if (action == Action.ARCHIVE) {
        assertThat(report.failure())
            .startsWith("Cannot go on with policy 'old': the guard 'none' forbids it: ")
            .contains("What was sealed stays good")
            .contains("The next run goes on.");
      }
      assertThat(events.live()).hasSize(30);
      assertThat(events.checked(Optional.empty()).problems()).isEmpty();

      assertThatThrownBy(() -> events.run(settings, RunListener.NONE))
          .hasMessageContaining("the guard 'none' forbids it: its query gives a row");
      assertThat(events.live()).hasSize(30);
      events.database.execute("DELETE FROM jobs");
      assertThat(events.run(settings, RunListener.NONE).exit()).isEqualTo(ExitCode.DONE);
      assertThat(events.live()).hasSize(10);
    }
  }

  @Test
  void whatWasSealedIsNotDeletedWhileAGuardForbids() {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.database.execute(
          "CREATE TABLE jobs (status text)", "INSERT INTO jobs VALUES ('running')");
      assertThatThrownBy(() -> events.run(new FailingAt(Step.SEALED, 1)))
          .isInstanceOf(FailingAt.Failure.class);
      isRefused(events, settings(events, none(RUNNING)), "'none' forbids it");

      Settings off =
          events
              .settings(events.policy().build().withRetain(Optional.empty()))
              .withTerms(terms(none(RUNNING)), Map.of());
      assertThat(events.run(off, RunListener.NONE).resumed()).isEqualTo(1);
      assertThat(events.live()).hasSize(40);

      events.database.execute("DELETE FROM jobs");
      goes(events, settings(events, none(RUNNING)));
    }
  }

  @Test
  void roomThatVanishesIsNoticedBeforeMoreIsSealed() {
    try (Events events = new Events(Product.SQLITE, folder)) {
      AtomicLong free = new AtomicLong(4 << 20);
      Settings settings = settings(events, freeDisk(2 << 20));
      RunReport report =
          events.run(
              settings,
              FailingAt.doing(Step.SEGMENT_VERIFIED, 1, () -> free.set(1 << 20)),
              disk(free, settings.archive()));
      assertThat(report.exit()).isEqualTo(ExitCode.FORBIDDEN);
      assertThat(events.live()).hasSize(40);
      assertThat(events.recorded()).containsExactly("begun");
      goes(events, settings);
    }
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> maxEligible(1.5)).hasMessageContaining("at most 100 %");
    assertThatThrownBy(() -> none("SELECT 1; SELECT 2")).hasMessageContaining("semicolon");
    assertThatThrownBy(() -> backup(Duration.ZERO)).hasMessageContaining("above zero");
  }
}
