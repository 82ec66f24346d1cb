package io.tideline.maintenance.backfill;

import io.tideline.core.work.Control;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.Patience;
import io.tideline.dialect.BackfillTarget;
import io.tideline.dialect.Backfiller;
import io.tideline.dialect.Database;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.run.RunListener;
import io.tideline.run.WorkListener;
import io.tideline.tuning.Backfill;
import io.tideline.tuning.BackfillState;
import java.util.Optional;
import java.util.function.Supplier;

/** One backfill in work: the database's side of it, renewed whenever its table changes. */
final class Job {
  private final Backfill backfill;
  private final Database database;
  private final Writer writer;
  private final Pacer pacer;
  private final Control control;
  private final RunListener told;
  private final WorkListener listener;
  private BackfillTarget target;
  private Backfiller filler;

  Job(
      Backfill backfill,
      Database database,
      Writer writer,
      Pacer pacer,
      Control control,
      RunListener told,
      WorkListener listener) {
    this.backfill = backfill;
    this.database = database;
    this.writer = writer;
    this.pacer = pacer;
    this.control = control;
    this.told = told;
    this.listener = listener;
    boolean begun =
        database.backfills().stream().anyMatch(each -> each.name().equals(backfill.name()));
    target = new Targets(database).resolve(backfill, begun);
    filler = writer.backfiller(target);
  }

  Backfill backfill() {
    return backfill;
  }

  BackfillTarget target() {
    return target;
  }

  Backfiller filler() {
    return filler;
  }

  Pacer pacer() {
    return pacer;
  }

  Control control() {
    return control;
  }

  RunListener told() {
    return told;
  }

  WorkListener listener() {
    return listener;
  }

  /** Reads the catalogue anew. */
  void renew() {
    target = new Targets(database).resolve(backfill, true);
    filler = writer.backfiller(target);
  }

  Optional<BackfillState> state() {
    return filler.state();
  }

  /**
   * How far it is.
   *
   * @throws TidelineException {@code BACKFILL_CHANGED} if the configuration or the table is another
   *     than when it began; {@code BACKFILL_REFUSED} if it has not begun
   */
  BackfillState begun(boolean wholly) {
    BackfillState state =
        state()
            .orElseThrow(
                () ->
                    Targets.refused(
                        backfill,
                        "it has not begun, or is over",
                        "Begin it with `tideline backfill " + backfill.name() + "`."));
    if (!state.specification().equals(backfill.specification())) {
      throw changed("the configuration says something else than when it began");
    }
    if (wholly && gone()) {
      throw changed("somebody has dropped the column");
    }
    String now = Targets.shape(target);
    boolean same =
        wholly ? now.equals(state.shape()) : Targets.core(now).equals(Targets.core(state.shape()));
    if (!same) {
      throw changed("the table, its key or its triggers are not as when it began");
    }
    return state;
  }

  /** Whether the column is not there any more. */
  boolean gone() {
    return target.table().column(target.column()).isEmpty();
  }

  private TidelineException changed(String why) {
    return new TidelineException(
        ErrorCode.BACKFILL_CHANGED,
        "Cannot go on with the backfill '" + backfill.name() + "': " + why + ".",
        "What it wrote until then is there, and noted.",
        "Put it back as it was; or take it out of the configuration, and the backfill back with"
            + " `tideline backfill --undo "
            + backfill.name()
            + "`.");
  }

  /** Does something that is short, trying again while the database is busy. */
  <T> T patiently(Supplier<T> work) {
    return Patience.tryFor(
        () -> {
          try {
            return work.get();
          } catch (RefusedException e) {
            throw new TidelineException(
                e.passing() ? ErrorCode.DATABASE_BUSY : ErrorCode.BACKFILL_REFUSED,
                "Cannot carry out the backfill '" + backfill.name() + "': " + e.getMessage() + ".",
                "The transaction was rolled back.",
                e.passing()
                    ? "Run the same command again when that session is done."
                    : "Mend what the database objects to, then run the same command again.",
                e);
          }
        },
        pacer);
  }

  void patiently(Runnable work) {
    patiently(
        () -> {
          work.run();
          return backfill;
        });
  }
}
