package io.tideline.core.view;

import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.ledger.Belonging;
import io.tideline.core.ledger.Ledger;
import io.tideline.core.ledger.SealedManifests;
import io.tideline.core.work.Orders;
import io.tideline.dialect.Database;
import io.tideline.run.ArchivedSegment;
import io.tideline.run.Hold;
import io.tideline.run.RunReport;
import io.tideline.run.Status;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells how a database and its archive stand. */
public final class Standing {
  private final ArchiveFolder archive;
  private final Ledger ledger;
  private final SealedManifests sealed;
  private final Belonging belonging;
  private final Orders orders;

  /** The standing of an archive. */
  public Standing(
      ArchiveFolder archive,
      Ledger ledger,
      SealedManifests sealed,
      Belonging belonging,
      Orders orders) {
    this.orders = orders;
    this.archive = archive;
    this.ledger = ledger;
    this.sealed = sealed;
    this.belonging = belonging;
  }

  /**
   * How it stands now.
   *
   * @param database if it answers
   * @param unreachable why it does not; empty if it does
   */
  public Status now(Optional<Database> database, String unreachable, List<Hold> holds) {
    List<ArchivedSegment> segments = new ArchiveViews(archive).segments();
    List<RunReport> reports = ledger.reports();
    return new Status(
        database.map(Database::info),
        database.flatMap(Database::identity),
        database.map(Database::size),
        leased(database),
        orders.running().filter(running -> leased(database)),
        unreachable,
        segments.stream().filter(s -> !s.closed()).map(ArchivedSegment::segment).toList(),
        segments.size(),
        segments.stream().mapToLong(ArchivedSegment::bytes).sum(),
        segments.stream().mapToLong(Stats::shown).sum(),
        holds,
        reports.isEmpty() ? Optional.empty() : Optional.of(reports.get(reports.size() - 1)),
        warnings(database));
  }

  private static boolean leased(Optional<Database> database) {
    return database.filter(Database::leased).isPresent();
  }

  private List<String> warnings(Optional<Database> database) {
    return Stream.of(
            belonging.warning(database).stream(),
            sealed.missing().stream(),
            leased(database) ? Stream.<String>of() : halfGone(),
            orders.standing().stream(),
            new ArchiveViews(archive).missingFiles().stream())
        .flatMap(each -> each)
        .toList();
  }

  /** Large trees whose run was interrupted between two of their transactions. */
  private Stream<String> halfGone() {
    return archive.manifests().stream()
        .filter(entry -> !entry.closed() && entry.manifest().stepwise())
        .map(
            entry ->
                "A run was interrupted while a large tree went stepwise: a part of it may be missing"
                    + " from the database. Its rows are safe in "
                    + entry.manifest().name()
                    + "; the next run puts back what is missing, or finds it done.");
  }
}
