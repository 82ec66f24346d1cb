package io.tideline.core.ledger;

import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.ArchiveIdentity;
import io.tideline.core.archive.ArchiveLock;
import io.tideline.core.archive.LostIdentity;
import io.tideline.core.record.DeletionRecord;
import io.tideline.core.record.Entry;
import io.tideline.dialect.Database;
import io.tideline.dialect.Lease;
import io.tideline.dialect.SourceIdentity;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import java.time.Clock;
import java.util.Optional;

/** Whether an archive is that of a database, and handing it over. */
public final class Belonging {
  private final ArchiveFolder archive;
  private final Ledger ledger;
  private final SealedManifests sealed;
  private final Clock clock;
  private boolean adopting;
  private boolean warned;

  /** The belonging of an archive, of which ledger and list of manifests know. */
  public Belonging(ArchiveFolder archive, Ledger ledger, SealedManifests sealed, Clock clock) {
    this.clock = clock;
    this.archive = archive;
    this.ledger = ledger;
    this.sealed = sealed;
  }

  /** From now on an archive of another database is no reason to refuse. */
  public void adoptWhenWriting() {
    adopting = true;
  }

  /** Hands the archive to a database if that was asked for. */
  public void adoptIfAsked(Database database) {
    if (adopting) {
      adopt(database);
    }
  }

  /** Hands the archive to a database. */
  public void adopt(Database database) {
    try (Lease lease = database.acquireLease();
        ArchiveLock lock = ArchiveLock.acquire(archive)) {
      Optional<ArchiveIdentity> known = archive.identity();
      if (known.filter(each -> !each.source().equals(lease.identity())).isPresent()) {
        DeletionRecord.open(archive, known.get(), "", clock, RunListener.NONE)
            .tell(new Entry.Adopted(known.get().source(), lease.identity()));
      }
      lock.adopt(lease.identity());
    }
  }

  /**
   * Refuses an archive that belongs to another database, or that is not there.
   *
   * @param database if it answers
   * @throws TidelineException {@code ARCHIVE_FOREIGN}, {@code ARCHIVE_CORRUPT}, {@code
   *     ARCHIVE_UNUSABLE}; nothing was changed
   */
  public void check(Optional<Database> database) {
    new LostIdentity(archive).refuse();
    Optional<ArchiveIdentity> known = archive.identity();
    Optional<SourceIdentity> source = database.flatMap(Database::identity);
    if (!adopting && known.isPresent() && source.isPresent()) {
      ArchiveFolder.check(known.get(), source.get());
    }
    if (known.isEmpty() && (ledger.knowsRuns() || sealed.any())) {
      throw new TidelineException(
          ErrorCode.ARCHIVE_UNUSABLE,
          "Cannot find the archive in " + archive.root() + ", where earlier runs wrote to it.",
          "Nothing was changed.",
          "Mount the folder or bring it back. If it is lost for good, `tideline recover` forgets it.");
    }
  }

  /** What is odd: a copy of a database has its identity, and only its place tells them apart. */
  public Optional<String> warning(Optional<Database> database) {
    Optional<String> here = database.flatMap(Database::identity).map(SourceIdentity::place);
    Optional<String> there = archive.identity().map(known -> known.source().place());
    return adopting || here.isEmpty() || there.isEmpty() || here.equals(there)
        ? Optional.empty()
        : Optional.of(
            "This database stands at "
                + here.get()
                + ", and the archive was made for it at "
                + there.get()
                + ". If it is a copy, give it an archive of its own; if it was moved, say --adopt"
                + " once.");
  }

  /** Tells the warning once, though a command may plan and run. */
  public void warn(Optional<Database> database, RunListener listener) {
    Optional<String> text = warned ? Optional.empty() : warning(database);
    text.ifPresent(each -> listener.on(new RunEvent.Noted(each)));
    warned |= text.isPresent();
  }
}
