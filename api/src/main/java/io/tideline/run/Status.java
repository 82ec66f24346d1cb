package io.tideline.run;

import io.tideline.dialect.DatabaseInfo;
import io.tideline.dialect.DatabaseSize;
import io.tideline.dialect.SourceIdentity;
import java.util.List;
import java.util.Optional;

/**
 * How a database and its archive stand.
 *
 * @param database what it is; empty if it does not answer, as identity and size are then
 * @param identity who it is, if known
 * @param size the bytes it takes
 * @param running whether another process holds the lease now
 * @param going how far the run is that holds it, as it last told; empty if it tells nothing
 * @param unreachable why the database does not answer; empty if it does
 * @param inDoubt the manifests that are not closed
 * @param segments the sealed segments
 * @param archiveBytes their bytes
 * @param archivedRows the rows that the archive shows
 * @param holds the holds in force
 * @param last the newest report, if any
 * @param warnings what the archive lacks or what may be wrong, one sentence each
 */
public record Status(
    Optional<DatabaseInfo> database,
    Optional<SourceIdentity> identity,
    Optional<DatabaseSize> size,
    boolean running,
    Optional<Running> going,
    String unreachable,
    List<String> inDoubt,
    int segments,
    long archiveBytes,
    long archivedRows,
    List<Hold> holds,
    Optional<RunReport> last,
    List<String> warnings) {
  /** Copies the lists. */
  public Status {
    inDoubt = List.copyOf(inDoubt);
    holds = List.copyOf(holds);
    warnings = List.copyOf(warnings);
  }
}
