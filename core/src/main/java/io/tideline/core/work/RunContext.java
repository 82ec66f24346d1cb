package io.tideline.core.work;

import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.ArchiveIdentity;
import io.tideline.core.archive.Formats;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.Outcome;
import io.tideline.core.record.DeletionRecord;
import io.tideline.dialect.Database;
import io.tideline.dialect.Lease;
import io.tideline.policy.Pace;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import java.time.Clock;
import java.time.Instant;

/**
 * What every part of one run shares.
 *
 * @param run the run's id
 * @param database the database
 * @param lease its lease, which is held
 * @param archive the archive
 * @param identity whose archive it is
 * @param formats the segment formats
 * @param pace how hard it may work
 * @param clock the clock
 * @param now the instant that the cutoffs count from
 * @param listener hears of every step
 * @param record what tells of everything that goes, before it goes
 * @param control whether it shall end after its batch, or wait
 */
public record RunContext(
    String run,
    Database database,
    Lease lease,
    ArchiveFolder archive,
    ArchiveIdentity identity,
    Formats formats,
    Pace pace,
    Clock clock,
    Instant now,
    RunListener listener,
    DeletionRecord record,
    Control control) {
  /** Writes what became of a manifest's rows, and tells the record of it. */
  public void close(Manifest manifest, Outcome outcome) {
    archive.close(manifest, outcome);
    listener.stepped(Step.CLOSED);
    record.closed(manifest, outcome);
  }
}
