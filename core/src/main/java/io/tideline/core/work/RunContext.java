package io.tideline.core.work;

import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.ArchiveIdentity;
import io.tideline.core.archive.Formats;
import io.tideline.dialect.Database;
import io.tideline.dialect.Lease;
import io.tideline.policy.Pace;
import io.tideline.run.RunListener;
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
    Control control) {}
