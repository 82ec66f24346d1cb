package io.tideline.sqlite;

import io.tideline.dialect.DatabaseSize;
import io.tideline.health.Check;
import io.tideline.health.Figures;
import io.tideline.health.Finding;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import io.tideline.health.Thresholds;
import java.util.List;

/** How the file is kept. */
final class StorageChecks {
  /** From this share on it pays to give space back. */
  private static final double SHARE = 0.25;

  /** A file that is so many times larger than the smallest space of interest is a large one. */
  private static final int LARGE = 100;

  private static final String FILE = "the file";

  private final SqliteExaminer examiner;
  private final Thresholds thresholds;

  StorageChecks(SqliteExaminer examiner, Thresholds thresholds) {
    this.examiner = examiner;
    this.thresholds = thresholds;
  }

  private DatabaseSize size() {
    return examiner.storage().size();
  }

  private String setting(String name) {
    return examiner.storage().settings().getOrDefault(name, "");
  }

  List<Finding> freeSpace() {
    long free = size().free();
    double share = size().total() == 0 ? 0 : (double) free / size().total();
    if (free < thresholds.bytes() || share < SHARE) {
      return List.of();
    }
    boolean incremental = setting("auto_vacuum").equals("incremental");
    Remedy[] remedies = incremental ? steps() : new Remedy[] {vacuum(free)};
    return List.of(
        Finding.of(
                Check.FREE_SPACE,
                Severity.WARNING,
                FILE,
                Figures.bytes(free)
                    + " of "
                    + Figures.bytes(size().total())
                    + " ("
                    + Figures.percent(share)
                    + ") hold nothing")
            .freeing(free)
            .mend(remedies));
  }

  /** All at once would write to the log as much as it gives back, which a full disk refuses. */
  private static Remedy[] steps() {
    return new Remedy[] {
      Remedy.sql(
          "PRAGMA incremental_vacuum(200);",
          "gives 200 pages back: take both steps until nothing is free, or let 'tideline reclaim --way"
              + " incremental' do that"),
      Remedy.sql("PRAGMA wal_checkpoint(TRUNCATE);", "else the log grows by what is moved")
    };
  }

  private Remedy vacuum(long free) {
    return Remedy.sql(
        "VACUUM;",
        "writers wait meanwhile, and it needs "
            + Figures.bytes(2 * (size().total() - free))
            + " of disk; 'tideline reclaim' finds a way that hinders less"
            + renumbered());
  }

  private String renumbered() {
    String warning = examiner.renumbered();
    return warning.isEmpty() ? "" : "; " + warning;
  }

  List<Finding> log() {
    long log = size().log();
    if (log < thresholds.bytes() || log < SHARE * size().total()) {
      return List.of();
    }
    return List.of(
        Finding.of(
                Check.LARGE_LOG,
                Severity.WARNING,
                FILE + "-wal",
                "the write-ahead log has "
                    + Figures.bytes(log)
                    + " beside a database of "
                    + Figures.bytes(size().total()))
            .freeing(log)
            .mend(
                Remedy.sql(
                    "PRAGMA wal_checkpoint(TRUNCATE);",
                    "its first column is 1 while a reader of an old state holds the log: end that"
                        + " first")));
  }

  List<Finding> journal() {
    String mode = setting("journal_mode");
    if (!List.of("delete", "truncate", "persist").contains(mode)) {
      return List.of();
    }
    return List.of(
        Finding.of(
                Check.ROLLBACK_JOURNAL,
                Severity.INFO,
                FILE,
                "the journal mode is " + mode + ", not wal")
            .mend(
                Remedy.sql(
                    "PRAGMA journal_mode = WAL;",
                    "not on a network file system; it stays so for everybody. A transaction over several"
                        + " attached databases is then atomic in each, but not over all")));
  }

  List<Finding> autoVacuum() {
    boolean large = size().total() >= LARGE * thresholds.bytes();
    if (!large || !setting("auto_vacuum").equals("none")) {
      return List.of();
    }
    return List.of(
        Finding.of(
                Check.NO_AUTO_VACUUM,
                Severity.INFO,
                FILE,
                "a file of " + Figures.bytes(size().total()) + " has auto_vacuum = none")
            .mend(
                Remedy.sql("PRAGMA auto_vacuum = INCREMENTAL;"),
                Remedy.sql(
                    "VACUUM;",
                    "over the same connection; writers wait meanwhile. Small steps of PRAGMA"
                        + " incremental_vacuum are enough from then on"
                        + renumbered())));
  }
}
