package io.tideline;

import io.tideline.archive.ArchiveView;
import io.tideline.archive.ArchivedTree;
import io.tideline.archive.QueryEngine;
import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.Databases;
import io.tideline.core.QueryEngines;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Formats;
import io.tideline.core.archive.HoldBook;
import io.tideline.core.archive.LostIdentity;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.archive.Storage;
import io.tideline.core.archive.Strays;
import io.tideline.core.guard.Guards;
import io.tideline.core.ledger.Belonging;
import io.tideline.core.ledger.Ledger;
import io.tideline.core.ledger.SealedManifests;
import io.tideline.core.payload.PayloadStore;
import io.tideline.core.plan.Planner;
import io.tideline.core.plan.Proposer;
import io.tideline.core.plan.SavedPlans;
import io.tideline.core.record.RecordCheck;
import io.tideline.core.record.RecordRecovery;
import io.tideline.core.restore.RestoreRun;
import io.tideline.core.restore.RowsWhere;
import io.tideline.core.rule.HoldLoader;
import io.tideline.core.rule.NeedFinder;
import io.tideline.core.run.Executor;
import io.tideline.core.view.ArchiveViews;
import io.tideline.core.view.ArchivedTrees;
import io.tideline.core.view.MovedTables;
import io.tideline.core.view.Standing;
import io.tideline.core.view.Stats;
import io.tideline.core.view.TreeRows;
import io.tideline.core.view.Verification;
import io.tideline.core.work.Orders;
import io.tideline.core.work.Preconditions;
import io.tideline.core.work.RunId;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.Grant;
import io.tideline.dialect.Lease;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Writer;
import io.tideline.error.TidelineException;
import io.tideline.plan.Plan;
import io.tideline.plan.Proposal;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.row.RowSink;
import io.tideline.run.ArchivedSegment;
import io.tideline.run.Hold;
import io.tideline.run.RecordHead;
import io.tideline.run.RecordReport;
import io.tideline.run.RecordedLine;
import io.tideline.run.RecoverReport;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.RunOptions;
import io.tideline.run.RunReport;
import io.tideline.run.Status;
import io.tideline.run.TableStats;
import io.tideline.run.VerifyReport;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One database with its policies and its archive: plan, run, look, restore.
 *
 * <p>Not thread-safe, but for {@link #stop}.
 */
public final class Tideline implements AutoCloseable {
  private final Settings settings;
  private final Clock clock;
  private @Nullable Database opened;
  private String unreachable = "";
  private final ArchiveFolder archive;
  private final Formats formats = new Formats();
  private final HoldBook holds;
  private final Ledger ledger;
  private final SealedManifests sealed;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final Belonging belonging;

  private Tideline(Settings settings, Clock clock, Storage storage) {
    this.settings = settings;
    this.clock = clock;
    this.archive = new ArchiveFolder(settings.archive(), storage);
    this.holds = new HoldBook(archive.root(), storage);
    this.ledger = new Ledger(settings.state(), archive);
    this.sealed = new SealedManifests(settings.state(), archive);
    this.belonging = new Belonging(archive, ledger, sealed, clock);
    archive.onSealed(sealed::add);
  }

  /**
   * Opens an archive; changes nothing. The database is opened when it is first needed: archives are
   * read, verified and restored into another database without it.
   *
   * @throws TidelineException {@code ARCHIVE_*}; what needs the database throws {@code DATABASE_*}
   */
  public static Tideline open(Settings settings) {
    return open(settings, Clock.systemUTC());
  }

  /** As {@link #open(Settings)}, with another clock; it may not be ahead of the machine's. */
  public static Tideline open(Settings settings, Clock clock) {
    return open(settings, clock, new Storage());
  }

  /** As {@link #open(Settings, Clock)}, with another way to write the archive's files. */
  public static Tideline open(Settings settings, Clock clock, Storage storage) {
    Preconditions.clock(clock);
    return new Tideline(settings, clock, storage);
  }

  private Database database() {
    Database database = opened;
    if (database == null) {
      database = Databases.open(settings.database());
      try {
        Preconditions.clock(database, clock);
      } catch (RuntimeException e) {
        database.close();
        throw e;
      }
      opened = database;
    }
    return database;
  }

  /** The database, for work that the archive alone is enough for. */
  private Optional<Database> ifItAnswers() {
    try {
      return Optional.of(database());
    } catch (TidelineException e) {
      unreachable = e.what();
      return Optional.empty();
    }
  }

  /**
   * As {@link #adopt}, but only when the next run or restore into the source begins: until then an
   * archive made for another database is not refused, and stays as it is.
   */
  public void adoptWhenWriting() {
    belonging.adoptWhenWriting();
  }

  /** What {@code init} proposes for a database: tables that grow by time, largest first. */
  public static List<Proposal> propose(DatabaseUrl url, Clock clock) {
    try (Database database = Databases.open(url);
        Reader reader = database.openReader()) {
      return new Proposer(database, reader, Instant.now(clock)).proposals();
    }
  }

  /** Allows the archive folder to serve this database although it was made for another one. */
  public void adopt() {
    belonging.adopt(database());
  }

  /** What a run would do now; changes nothing. */
  public Plan plan(Selection selection, RunListener listener) {
    return plan(selection, Instant.now(clock), listener);
  }

  /**
   * What a run would do if ages counted from an instant; changes nothing. Windows, guards and
   * whatever is written down go by the clock all the same.
   *
   * @throws TidelineException {@code CLOCK_WRONG} if the instant is later than the clock's
   */
  public Plan plan(Selection selection, Instant now, RunListener listener) {
    Preconditions.past(now, clock);
    belonging.check(Optional.of(database()));
    belonging.warn(Optional.of(database()), listener);
    return planned(selection, Instant.now(), now, listener);
  }

  private Plan planned(Selection selection, Instant madeAt, Instant now, RunListener listener) {
    return new Guards(database(), settings, archive, clock)
        .told(planning(now, planner -> planner.plan(selection, madeAt, now, inDoubt(), listener)));
  }

  /**
   * Gives each root that a policy of a plan would remove to the sink: the named columns, read now.
   */
  public void list(Plan plan, String policy, List<String> columns, RowSink sink) {
    planning(
        plan.now(),
        planner -> {
          planner.list(plan, policy, columns, sink);
          return plan;
        });
  }

  /**
   * Carries a plan out; earlier runs that were interrupted are finished first.
   *
   * @return the report, which tells by its exit code and failure whether it came to its end
   * @throws TidelineException if it could not begin: nothing was changed then; {@code
   *     INDEX_MISSING} if it would read too long
   */
  public RunReport run(Plan plan, RunListener listener) {
    return run(plan, RunOptions.DEFAULT, listener);
  }

  /** As the other, with limits. */
  public RunReport run(Plan plan, RunOptions options, RunListener listener) {
    belonging.check(Optional.of(database()));
    belonging.warn(Optional.of(database()), listener);
    sealed.missing().forEach(each -> listener.on(new RunEvent.Noted(each)));
    belonging.adoptIfAsked(database());
    RunReport report =
        new Executor(database(), settings, archive, formats, clock, stopping)
            .run(plan, options, listener);
    remember(listener);
    return report;
  }

  /** The ledger is only a cache: what was done is done, and the archive tells of it. */
  private void remember(RunListener listener) {
    try {
      ledger.rebuild();
      sealed.complete();
    } catch (TidelineException e) {
      listener.on(new RunEvent.Noted(e.what() + " The archive holds the report all the same."));
    }
  }

  /** Writes a plan to a file that {@link #loadPlan} reads. */
  public static void savePlan(Plan plan, Path file) {
    SavedPlans.save(plan, file);
  }

  /**
   * Reads a saved plan and checks it against the present: not older than 24 hours, same catalogue,
   * policies and holds, and at most 1 % more rows.
   *
   * @return the plan as it would be made now, with the saved one's clock
   * @throws TidelineException {@code PLAN_STALE}
   */
  public Plan loadPlan(Path file, RunListener listener) {
    Plan saved = SavedPlans.load(file);
    Plan fresh = planned(saved.selection(), saved.madeAt(), saved.now(), listener);
    SavedPlans.check(saved, fresh, Instant.now());
    return fresh;
  }

  /** Asks the run or restore of this object to end after its batch; any thread may call it. */
  public void stop() {
    stopping.set(true);
  }

  /** How each policy's table stands. */
  public List<TableStats> stats() {
    Plan plan = plan(Selection.all(), RunListener.NONE);
    List<ArchivedSegment> segments = archives();
    return with(
        plan.now(),
        (catalogue, reader, loader) ->
            plan.policies().stream()
                .map(policy -> Stats.of(policy, segments, catalogue, reader))
                .toList());
  }

  /** How database and archive stand. */
  public Status status() {
    Optional<Database> database = ifItAnswers();
    belonging.check(database);
    return new Standing(archive, ledger, sealed, belonging, new Orders(settings.state()))
        .now(database, unreachable, holds());
  }

  /** The reports of earlier runs and restores, oldest first. */
  public List<RunReport> history() {
    return ledger.reports();
  }

  /** The sealed segments, oldest first. */
  public List<ArchivedSegment> archives() {
    return new ArchiveViews(archive).segments();
  }

  /** Reads segments again and compares every digest; all, or those of one run or one segment. */
  public VerifyReport verify(Optional<String> runOrSegment, RunListener listener) {
    belonging.check(ifItAnswers());
    return new Verification(archive, formats, listener, sealed.problems(runOrSegment))
        .verify(runOrSegment);
  }

  /**
   * Checks the archive's deletion record: its chain, the lines that manifests and reports note, and
   * the digests of manifests and outcomes that it tells. Neither segments nor the database are
   * read.
   *
   * @param noted a line that was noted elsewhere
   */
  public RecordReport checkRecord(Optional<RecordHead> noted) {
    return new RecordCheck(archive).check(noted);
  }

  /**
   * Gives each line of the archive's deletion record to the sink, oldest first.
   *
   * @return where its chain is broken, one sentence each; empty if it is whole
   */
  public List<String> record(Consumer<RecordedLine> sink) {
    return new RecordCheck(archive).lines(sink);
  }

  /**
   * Brings archived rows back.
   *
   * @throws TidelineException {@code RESTORE_IMPOSSIBLE}, {@code ARCHIVE_CORRUPT}, {@code
   *     LEASE_HELD}
   */
  public RestoreReport restore(RestoreRequest request, RunListener listener) {
    Optional<Database> source =
        request.into().isPresent() ? ifItAnswers() : Optional.of(database());
    belonging.check(source);
    belonging.warn(source, listener);
    sealed.missing().forEach(each -> listener.on(new RunEvent.Noted(each)));
    boolean settling = request.into().isEmpty(); // what is in doubt by then is not chosen
    Map<Path, BitSet> where =
        new RowsWhere(request.where().map(sql -> QueryEngines.find()))
            .find(request, archive, views(settling || request.inDoubt()));
    RestoreRun run = new RestoreRun(settings, archive, formats, clock, listener, stopping);
    if (request.into().isPresent()) {
      try (Database target = Databases.open(request.into().get())) {
        return run.intoOther(target, request, where);
      }
    }
    belonging.adoptIfAsked(database());
    RestoreReport report = run.intoSource(database(), request, where);
    remember(listener);
    return report;
  }

  /** Makes the archive tables that {@code move} policies need; says what was done. */
  public List<String> createArchiveTables() {
    Preconditions.writable(database());
    Instant now = Instant.now(clock);
    Map<TableName, Table> targets = planning(now, planner -> planner.archiveTables(now));
    List<String> done = new ArrayList<>();
    try (Lease lease = database().acquireLease();
        Writer writer = lease.openWriter(settings.pace())) {
      targets.forEach((target, table) -> done.addAll(writer.alignArchiveTable(table, target)));
    }
    return done;
  }

  /**
   * The statements that give the role of this login the rights that policies need, and whether it
   * has them; none on SQLite.
   *
   * @param policies their names; all if empty
   * @throws TidelineException {@code POLICY_UNKNOWN}, {@code TABLE_UNKNOWN}
   */
  public List<Grant> grants(List<String> policies) {
    Selection selection = new Selection(policies, List.of(), Optional.empty(), Optional.empty());
    Catalogue catalogue = database().catalogue();
    return database().grants(new NeedFinder(database(), catalogue, settings).needs(selection));
  }

  /**
   * Holds rows of a table.
   *
   * @param keys keys in text; empty if {@code where} is given
   */
  public Hold hold(
      String table,
      List<String> keys,
      Optional<String> where,
      String reason,
      Optional<Instant> until) {
    belonging.check(Optional.of(database()));
    Instant now = Instant.now(clock);
    Hold hold = new Hold(RunId.at(now), table, keys, where, Optional.empty(), reason, now, until);
    with(
        now,
        (catalogue, reader, loader) -> {
          loader.check(hold, database().resolve(catalogue, table));
          return hold;
        });
    holds.place(hold);
    return hold;
  }

  /** The holds in force. */
  public List<Hold> holds() {
    return holds.inForce(Instant.now(clock));
  }

  /**
   * Ends a hold; the reason is kept with it.
   *
   * @throws TidelineException {@code ARGUMENT_INVALID} if no such hold is in force
   */
  public void release(String hold, String reason) {
    holds.release(hold, reason, Instant.now(clock));
  }

  /**
   * The files that the database's rows refer to.
   *
   * @throws TidelineException {@code POLICY_INVALID} if the settings name no payload store
   */
  public PayloadStore payloads() {
    belonging.check(Optional.of(database()));
    return new PayloadStore(database(), settings, archive, formats, clock, stopping);
  }

  /**
   * Makes the ledger anew from the archive, and {@code archive.json} if it is lost; what the
   * archive lacks is forgotten, and the deletion record tells so.
   *
   * @throws TidelineException {@code ARCHIVE_CORRUPT} if the manifests do not tell whose archive it
   *     is; nothing was changed then
   */
  public RecoverReport recover() {
    new LostIdentity(archive).recover();
    List<String> lost = new RecordRecovery(archive, clock).recover();
    sealed.rebuild();
    List<RunReport> reports = ledger.rebuild();
    List<ArchivedSegment> segments = archives();
    return new RecoverReport(
        reports.size(),
        archive.manifests().size(),
        segments.stream().filter(s -> !s.closed()).map(ArchivedSegment::segment).toList(),
        new Strays(archive).leftovers().stream().map(Path::toString).toList(),
        lost);
  }

  /** What the archive shows, by table; with rows in doubt if asked for. */
  public List<ArchiveView> views(boolean inDoubt) {
    return new ArchiveViews(archive).views(inDoubt);
  }

  /**
   * What the archive shows of one tree, in its newest copy.
   *
   * @param name the table of its root, a slash, and the root's key, as in {@code runs/run-123}
   * @param runs only what these runs archived; all if empty
   * @param inDoubt whether rows in doubt are sought too
   * @throws TidelineException {@code RUN_UNKNOWN} if there is none, {@code ARCHIVE_CORRUPT}
   */
  public ArchivedTree tree(String name, List<String> runs, boolean inDoubt) {
    Predicate<ManifestEntry> among =
        entry ->
            (entry.closed() || inDoubt)
                && (runs.isEmpty() || runs.contains(entry.manifest().run()));
    TreeRows rows =
        new MovedTables(settings)
            .find(name, () -> new ArchivedTrees(archive, formats).find(name, among, true));
    return new ArchiveViews(archive).tree(name, rows, inDoubt);
  }

  /**
   * Runs SQL over the archive's views.
   *
   * @throws TidelineException {@code QUERY_REFUSED}
   */
  public void query(String sql, boolean inDoubt, QueryEngine.Result result) {
    QueryEngines.find().query(views(inDoubt), sql, result);
  }

  private int inDoubt() {
    return (int) archive.manifests().stream().filter(entry -> !entry.settled()).count();
  }

  private <T> T planning(Instant now, Function<Planner, T> work) {
    return with(
        now,
        (catalogue, reader, loader) ->
            work.apply(new Planner(database(), catalogue, reader, settings, loader)));
  }

  private interface Reading<T> {
    T read(Catalogue catalogue, Reader reader, HoldLoader holds);
  }

  /** Reads with the holds that were in force at an instant. */
  private <T> T with(Instant now, Reading<T> reading) {
    Catalogue catalogue = database().catalogue();
    try (Reader reader = database().openReader()) {
      HoldLoader loader = new HoldLoader(database(), catalogue, reader, archive, formats, now);
      return reading.read(catalogue, reader, loader);
    }
  }

  @Override
  public void close() {
    Database database = opened;
    if (database != null) {
      database.close();
    }
  }
}
