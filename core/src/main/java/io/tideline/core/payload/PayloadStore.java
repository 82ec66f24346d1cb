package io.tideline.core.payload;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.TableName;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.ArchiveIdentity;
import io.tideline.core.archive.ArchiveLock;
import io.tideline.core.archive.Formats;
import io.tideline.core.record.DeletionRecord;
import io.tideline.core.work.Preconditions;
import io.tideline.core.work.RunId;
import io.tideline.dialect.Database;
import io.tideline.dialect.Lease;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.PayloadPlan;
import io.tideline.policy.Payloads;
import io.tideline.policy.Settings;
import io.tideline.run.PayloadRemovals;
import io.tideline.run.PayloadSweep;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The payload store of a database: plan, sweep, report. Not thread-safe. */
public final class PayloadStore {
  private final Database database;
  private final Settings settings;
  private final Payloads payloads;
  private final ArchiveFolder archive;
  private final Formats formats;
  private final Clock clock;
  private final AtomicBoolean stopping;
  private final int most;

  /**
   * The store that settings name.
   *
   * @param stopping ends a sweep after the file in progress once it is set
   * @throws TidelineException {@code POLICY_INVALID} if they name none
   */
  public PayloadStore(
      Database database,
      Settings settings,
      ArchiveFolder archive,
      Formats formats,
      Clock clock,
      AtomicBoolean stopping) {
    this(database, settings, archive, formats, clock, stopping, StoreSurvey.MOST);
  }

  private PayloadStore(
      Database database,
      Settings settings,
      ArchiveFolder archive,
      Formats formats,
      Clock clock,
      AtomicBoolean stopping,
      int most) {
    this.database = database;
    this.settings = settings;
    this.payloads = settings.payloads().orElseThrow(PayloadStore::none);
    this.archive = archive;
    this.formats = formats;
    this.clock = clock;
    this.stopping = stopping;
    this.most = most;
  }

  /**
   * The same store, judging at most some number of files in one pass over the references; 4 million
   * by default, which take 36 MB.
   */
  public PayloadStore withPassesOf(int files) {
    return new PayloadStore(database, settings, archive, formats, clock, stopping, files);
  }

  private static TidelineException none() {
    return new TidelineException(
        ErrorCode.POLICY_INVALID,
        "Cannot judge payloads: the configuration names no payload store.",
        "Nothing was changed.",
        "Add 'payloads:' with 'folder' and 'columns'.");
  }

  /**
   * What a sweep would do now; changes nothing.
   *
   * @param listing hears of each file that is not plainly held
   * @throws TidelineException {@code PAYLOADS_UNUSABLE} and whatever reading the references fails
   *     with
   */
  public PayloadPlan plan(PayloadPlan.Listing listing) {
    Instant now = Instant.now(clock);
    StoreFolder folder = StoreFolder.open(payloads, archive.storage());
    Trash trash = new Trash(folder);
    database.identity().ifPresent(new StoreOwner(folder, trash)::check);
    try (References references = references(now)) {
      return survey(folder, trash, references, now, listing).judge(found -> {});
    }
  }

  /**
   * Moves what may go to the trash, puts back what is referred to again, and removes for good what
   * lay in the trash longer than the grace; first finishes what a killed sweep left.
   *
   * @throws TidelineException {@code LEASE_HELD}, {@code PAYLOADS_UNUSABLE}, {@code
   *     PAYLOADS_IN_DOUBT} while an interrupted run or restore may bring references back, and
   *     whatever reading the references fails with: no file was moved on their account then
   */
  public PayloadSweep sweep(RunListener listener) {
    try (Lease lease = database.acquireLease();
        ArchiveLock lock = ArchiveLock.acquire(archive)) {
      Instant now = Instant.now(clock);
      String run = RunId.at(now);
      StoreFolder folder = StoreFolder.open(payloads, archive.storage());
      Trash trash = new Trash(folder);
      StoreOwner owner = new StoreOwner(folder, trash);
      owner.check(lease.identity());
      ArchiveIdentity identity = lock.claim(lease.identity(), now);
      new Doubts(archive).refuse();
      Preconditions.fileClock(owner.claim(lease.identity()).toInstant(), folder.root().toString());
      RemovalRecords records = new RemovalRecords(archive);
      DeletionRecord told = DeletionRecord.open(archive, identity, "", clock, listener);
      records.settle(trash, told);
      RemovalRecords.Writer record = records.writer(run, folder.root(), now, told);
      Sweep sweep = new Sweep(run, now, payloads, trash, record, lease, stopping, listener, most);
      take(sweep, folder, trash, now, listener);
      try (References again = references(now)) {
        sweep.judgeTrash(again);
      }
      record.seal(trash);
      return sweep.report();
    }
  }

  private void take(
      Sweep sweep, StoreFolder folder, Trash trash, Instant now, RunListener listener) {
    try (References references = references(now)) {
      listener.on(new RunEvent.Began("payloads", 0));
      survey(folder, trash, references, now, PayloadPlan.Listing.NONE).judge(sweep::take);
    }
  }

  /** What sweeps removed, oldest first, each record compared with its seal. */
  public List<PayloadRemovals> report() {
    return new RemovalRecords(archive).list();
  }

  /**
   * Gives each file that a sweep removed to the sink.
   *
   * @throws TidelineException {@code ARCHIVE_CORRUPT} if there is no such record
   */
  public void removed(String run, Consumer<PayloadRemovals.Removed> sink) {
    new RemovalRecords(archive).removed(run, sink);
  }

  private References references(Instant now) {
    return new References(database, settings, archive, formats, now);
  }

  private StoreSurvey survey(
      StoreFolder folder,
      Trash trash,
      References references,
      Instant now,
      PayloadPlan.Listing listing) {
    return new StoreSurvey(
        folder,
        trash,
        payloads,
        references,
        payloads.orphans() ? Optional.empty() : Optional.of(archived(references)),
        now,
        most,
        listing);
  }

  private ArchivedReferences archived(References references) {
    Map<TableName, List<String>> columns = new HashMap<>();
    references.tables().forEach(table -> columns.put(table.table().name(), table.columns()));
    Catalogue catalogue = database.catalogue();
    List<String> ofRoots =
        payloads
            .root()
            .map(root -> database.resolve(catalogue, root).name())
            .map(
                root ->
                    settings.policies().stream()
                        .filter(p -> database.resolve(catalogue, p.table()).name().equals(root))
                        .map(policy -> policy.name())
                        .toList())
            .orElse(List.of());
    return new ArchivedReferences(
        archive, formats, columns, references.cutoff(), ofRoots::contains);
  }
}
