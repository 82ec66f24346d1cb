package io.tideline.maintenance.advise;

import io.tideline.catalogue.Catalogue;
import io.tideline.core.Databases;
import io.tideline.dialect.Database;
import io.tideline.dialect.Examination;
import io.tideline.dialect.Examiner;
import io.tideline.dialect.GuardedSession;
import io.tideline.dialect.UnseenException;
import io.tideline.dialect.WhatIf;
import io.tideline.health.IndexFacts;
import io.tideline.policy.Settings;
import io.tideline.run.WorkListener;
import io.tideline.tuning.QuerySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Finds the indexes that would mend queries, each proven on a stand-in of the database, which
 * itself is only read. Not thread-safe, but for {@link #stop}.
 */
public final class Advise implements AutoCloseable {
  /** How long one of the queries may run that are counted. */
  private static final Duration COUNTED = Duration.ofSeconds(10);

  private final Clock clock;
  private final Database database;
  private final AtomicBoolean stopping = new AtomicBoolean();

  private Advise(Clock clock, Database database) {
    this.clock = clock;
    this.database = database;
  }

  /**
   * Opens the database of settings; changes nothing.
   *
   * @throws io.tideline.error.TidelineException {@code DATABASE_*}
   */
  public static Advise open(Settings settings, Clock clock) {
    return new Advise(clock, Databases.open(settings.database()));
  }

  /** Asks it to begin no other query; any thread may call it. */
  public void stop() {
    stopping.set(true);
  }

  /**
   * Finds them. What one query is advised counts as there for those after it.
   *
   * @throws io.tideline.error.TidelineException {@code TABLE_UNKNOWN}, {@code COLUMN_UNKNOWN} for a
   *     size, {@code CONNECTION_LOST}; a query that is refused or fails stands in the report
   */
  public AdviceReport advise(AdviseRequest request, WorkListener listener) {
    Instant now = Instant.now(clock);
    long began = System.nanoTime();
    Catalogue catalogue = database.catalogue();
    try (WhatIf whatIf = database.openWhatIf(request.sizes());
        GuardedSession live = database.openGuarded(COUNTED)) {
      IndexNames names = new IndexNames(catalogue);
      Advised advised = new Advised(whatIf);
      OneQuery one =
          new OneQuery(
              live, whatIf, catalogue, names, now, () -> over(began, request.longest()), advised);
      List<QueryAdvice> answers = new ArrayList<>();
      for (QuerySpec query : request.queries()) {
        answers.add(one.advise(query));
        listener.at("queries", answers.size(), request.queries().size());
      }
      advised.dropCovered();
      return new AdviceReport(
          database.info().place(),
          advised.indexes(catalogue, advised.any() ? real() : List.of()),
          answers.stream().map(advised::renamed).toList(),
          whatIf.basis());
    }
  }

  private boolean over(long began, Duration longest) {
    return stopping.get() || System.nanoTime() - began > longest.toNanos();
  }

  /** The indexes that are there; none if they cannot be looked at. */
  private List<IndexFacts> real() {
    try (Examiner examiner = database.openExaminer(Examination.USUAL)) {
      return examiner.indexes().indexes();
    } catch (UnseenException e) {
      return List.of();
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
