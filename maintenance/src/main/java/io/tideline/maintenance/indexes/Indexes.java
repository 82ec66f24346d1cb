package io.tideline.maintenance.indexes;

import io.tideline.core.Databases;
import io.tideline.core.archive.Storage;
import io.tideline.core.work.Preconditions;
import io.tideline.dialect.Database;
import io.tideline.dialect.IndexBuilder;
import io.tideline.dialect.Lease;
import io.tideline.health.Finding;
import io.tideline.health.Suppression;
import io.tideline.maintenance.inspect.Inspector;
import io.tideline.maintenance.inspect.Request;
import io.tideline.policy.Settings;
import io.tideline.run.WorkListener;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.IndexStanding;
import io.tideline.tuning.IndexState;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The declared indexes of one database: how they stand, and what makes them so. Not thread-safe,
 * but for {@link #stop}.
 */
public final class Indexes implements AutoCloseable {
  private final Settings settings;
  private final Clock clock;
  private final Storage storage;
  private final Database database;
  private final AtomicBoolean stopping = new AtomicBoolean();

  private Indexes(Settings settings, Clock clock, Storage storage, Database database) {
    this.settings = settings;
    this.clock = clock;
    this.storage = storage;
    this.database = database;
  }

  /**
   * Opens the database of settings; changes nothing.
   *
   * @throws io.tideline.error.TidelineException {@code DATABASE_*}
   */
  public static Indexes open(Settings settings, Clock clock) {
    return open(settings, clock, new Storage());
  }

  /** As the other, with another way to look at disks. */
  public static Indexes open(Settings settings, Clock clock, Storage storage) {
    return new Indexes(settings, clock, storage, Databases.open(settings.database()));
  }

  /** Asks what is done to end soon; any thread may call it. */
  public void stop() {
    stopping.set(true);
  }

  /**
   * How the declared indexes stand, and what is needless among the real ones. Changes nothing.
   *
   * @param suppressions findings that are borne
   * @throws io.tideline.error.TidelineException {@code TABLE_UNKNOWN}, {@code COLUMN_UNKNOWN}
   */
  public IndexReport report(List<Suppression> suppressions) {
    Request request =
        new Request(
            Request.USUAL.examination(),
            List.of(),
            suppressions,
            Optional.of(settings.state()),
            List.of(),
            List.of());
    List<Finding> findings = Inspector.indexes(database, request, clock);
    try (IndexBuilder builder = database.indexBuilder()) {
      List<IndexReport.Line> lines = new ArrayList<>();
      boolean builds = false;
      for (IndexSpec spec : settings.indexes()) {
        IndexStanding standing = builder.look(spec);
        boolean makes =
            standing.state() == IndexState.MISSING
                || standing.state() == IndexState.INVALID
                || standing.state() == IndexState.DIFFERENT;
        lines.add(
            makes
                ? new IndexReport.Line(
                    standing, Optional.of(builder.cost(spec)), builder.statement(spec))
                : new IndexReport.Line(standing, Optional.empty(), ""));
        builds |= makes || standing.state() == IndexState.UNWANTED;
      }
      List<Finding> obstacles = builds ? builder.obstacles() : List.of();
      return new IndexReport(database.info().place(), lines, findings, obstacles);
    }
  }

  /**
   * Makes what is missing, mends what is invalid, replaces what differs if that was asked for, and
   * then drops what is declared absent. What one index fails by is told, and the others go on.
   *
   * @throws io.tideline.error.TidelineException before anything is done: {@code INDEX_REFUSED} if
   *     another thing has a declared name or the engine has no such index, {@code RIGHTS_MISSING},
   *     {@code DATABASE_READ_ONLY}, {@code WINDOW_CLOSED}, {@code DISK_FULL}, {@code LEASE_HELD};
   *     later: {@code CONNECTION_LOST}, {@code DISK_FULL}: what was made stays, and the next call
   *     goes on
   */
  public IndexesDone apply(IndexRequest request, WorkListener listener) {
    Preconditions.writable(database);
    try (Lease lease = database.acquireLease();
        IndexBuilder builder = database.indexBuilder()) {
      Application application =
          new Application(
              settings, clock, storage, builder, lease, request, stopping::get, listener);
      List<IndexesDone.Done> done = application.run();
      return new IndexesDone(
          database.info().place(),
          done,
          settings.indexes().stream().map(builder::look).toList(),
          stopping.get());
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
