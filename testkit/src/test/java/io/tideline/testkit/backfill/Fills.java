package io.tideline.testkit.backfill;

import io.tideline.maintenance.backfill.BackfillPlan;
import io.tideline.maintenance.backfill.BackfillReport;
import io.tideline.maintenance.backfill.Backfills;
import io.tideline.policy.Pace;
import io.tideline.policy.Predicate;
import io.tideline.policy.Settings;
import io.tideline.run.RunOptions;
import io.tideline.run.WorkListener;
import io.tideline.testkit.TestDatabase;
import io.tideline.tuning.Backfill;
import io.tideline.tuning.Tuning;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Backfills of a test's database, in steps of a few rows. */
final class Fills {
  static final Pace STEPS =
      new Pace(
          Pace.Base.OFFLINE,
          Optional.of(Duration.ofSeconds(5)),
          1,
          1,
          10,
          Long.MAX_VALUE,
          Duration.ofDays(1),
          Duration.ofSeconds(5));

  private final TestDatabase database;
  private final Path folder;

  Fills(TestDatabase database, Path folder) {
    this.database = database;
    this.folder = folder;
  }

  static Backfill copy(Backfill.Fill fill, boolean notNull) {
    return new Backfill(
        "junction-time",
        "places",
        "created_at",
        Optional.of("double precision"),
        new Backfill.Copy("traces", "created_at", List.of("trace_id")),
        Optional.empty(),
        fill,
        100,
        notNull);
  }

  static Backfill set(
      String table, String column, String value, Optional<String> where, Backfill.Fill fill) {
    return new Backfill(
        "fix",
        table,
        column,
        Optional.empty(),
        new Backfill.Value(new Predicate(value)),
        where.map(Predicate::new),
        fill,
        100,
        false);
  }

  static Settings settings(String url, Path folder, Backfill backfill) {
    return Settings.of(url, folder.resolve("archive"), List.of())
        .withPace(STEPS)
        .withTuning(Tuning.NONE.withBackfills(List.of(backfill)));
  }

  /** Undoes one that the configuration does not have. */
  BackfillReport undoForgotten(String name) {
    Settings settings = Settings.of(database.url(), folder.resolve("archive"), List.of());
    try (Backfills backfills =
        Backfills.open(settings.withPace(STEPS), Clock.systemUTC(), RunOptions.DEFAULT)) {
      return backfills.undo(backfills.undoable(Optional.of(name)), false, WorkListener.NONE);
    }
  }

  /** Fills by another way to the same database. */
  BackfillReport fillBy(String url, Backfill backfill, WorkListener listener) {
    try (Backfills backfills =
        Backfills.open(settings(url, folder, backfill), Clock.systemUTC(), RunOptions.DEFAULT)) {
      return backfills.fill(backfill, listener);
    }
  }

  private <T> T with(Backfill backfill, BiFunction<Backfills, Backfill, T> work) {
    Settings settings = settings(database.url(), folder, backfill);
    try (Backfills backfills = Backfills.open(settings, Clock.systemUTC(), RunOptions.DEFAULT)) {
      return work.apply(backfills, backfill);
    }
  }

  BackfillPlan plan(Backfill backfill) {
    return with(backfill, Backfills::plan);
  }

  BackfillReport fill(Backfill backfill) {
    return fill(backfill, WorkListener.NONE);
  }

  BackfillReport fill(Backfill backfill, WorkListener listener) {
    return with(backfill, (all, each) -> all.fill(each, listener));
  }

  /** Stops after the first step of a kind. */
  BackfillReport stopped(Backfill backfill, String step) {
    return with(
        backfill,
        (all, each) ->
            all.fill(
                each,
                new WorkListener() {
                  @Override
                  public void at(String what, long done, long total) {}

                  @Override
                  public void stepped(String done) {
                    if (done.equals(step)) {
                      all.stop();
                    }
                  }
                }));
  }

  BackfillReport finish(Backfill backfill) {
    return with(backfill, (all, each) -> all.finish(each, WorkListener.NONE));
  }

  BackfillReport undo(Backfill backfill, boolean discard) {
    return with(backfill, (all, each) -> all.undo(each, discard, WorkListener.NONE));
  }
}
