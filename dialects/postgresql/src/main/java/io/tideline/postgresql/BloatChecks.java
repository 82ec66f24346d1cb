package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.health.Certainty;
import io.tideline.health.Check;
import io.tideline.health.Figures;
import io.tideline.health.Finding;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import io.tideline.health.Thresholds;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Space in tables and indexes that holds nothing: read page by page where that can be. */
final class BloatChecks {
  private static final int PAGE = 8192;

  /** From this share on it pays to write a table anew. */
  private static final double TABLE = 0.4;

  /** An index that grew in no order is never fuller than two thirds. */
  private static final double INDEX = 0.5;

  /** Tables whose pages are read, the worst. */
  private static final int READ = 10;

  private final Asking asking;
  private final Thresholds thresholds;

  BloatChecks(Asking asking, Thresholds thresholds) {
    this.asking = asking;
    this.thresholds = thresholds;
  }

  /**
   * Space of something.
   *
   * @param oid what
   * @param waste the bytes that hold nothing
   */
  private record Space(
      long oid, TableName name, long bytes, long waste, String basis, Certainty sure) {
    Space read(PageStatistics.Space pages) {
      return new Space(oid, name, pages.bytes(), pages.waste(), "pgstattuple", Certainty.SURE);
    }

    double share() {
      return bytes == 0 ? 0 : (double) waste / bytes;
    }
  }

  List<Finding> tables() {
    return findings(BloatSql.TABLES, "rows");
  }

  List<Finding> toast() {
    return findings(BloatSql.TOAST, "large values (TOAST)");
  }

  private List<Finding> findings(String sql, String what) {
    return worst(sql, TABLE, PageStatistics::table).stream()
        .map(space -> bloat(space, what))
        .toList();
  }

  /** How the pages of something are read. */
  private interface Reading {
    Optional<PageStatistics.Space> of(PageStatistics pages, long oid);
  }

  /** The pages of the worst are read, where they can be. */
  private List<Space> worst(String sql, double share, Reading reading) {
    Optional<PageStatistics> pages = PageStatistics.of(asking);
    List<Space> found = new ArrayList<>();
    List<Space> guesses = wasteful(sql, share);
    for (int i = 0; i < guesses.size(); i++) {
      Space guess = guesses.get(i);
      boolean among = i < READ;
      Space space =
          pages
              .filter(each -> among)
              .flatMap(each -> reading.of(each, guess.oid()))
              .map(guess::read)
              .orElse(guess);
      if (space.waste() >= thresholds.bytes() && space.share() >= share) {
        found.add(space);
      }
    }
    return found;
  }

  private List<Space> wasteful(String sql, double share) {
    String pages = Long.toString(Math.max(1, thresholds.bytes() / PAGE));
    return asking.rows(sql.formatted(pages), BloatChecks::space).stream()
        .filter(space -> space.waste() >= thresholds.bytes() && space.share() >= share)
        .sorted(Comparator.comparingLong(Space::waste).reversed())
        .toList();
  }

  private static Space space(ResultSet row) throws SQLException {
    long pages = row.getLong("pages");
    return new Space(
        row.getLong("oid"),
        new TableName(row.getString("nspname"), row.getString("relname")),
        pages * PAGE,
        Math.max(0, pages - row.getLong("expected")) * PAGE,
        "estimate: the planner's statistics",
        Certainty.GUESS);
  }

  private static Finding bloat(Space space, String what) {
    return finding(Check.TABLE_BLOAT, space, what)
        .mend(
            Remedy.sql(
                "VACUUM (FULL, ANALYZE) " + Sql.quote(space.name()) + ";",
                "nobody reads the table meanwhile, and it needs as much disk as the rows take;"
                    + " pg_repack does it beside live traffic"));
  }

  private static Finding finding(Check check, Space space, String what) {
    return Finding.of(
            check,
            Severity.WARNING,
            space.name().toString(),
            Figures.bytes(space.waste())
                + " of "
                + Figures.bytes(space.bytes())
                + (what.isEmpty() ? "" : " for " + what)
                + " ("
                + Figures.percent(space.share())
                + ") hold nothing")
        .by(space.basis(), space.sure())
        .freeing(space.waste());
  }

  List<Finding> indexes() {
    return worst(BloatSql.INDEXES, INDEX, PageStatistics::index).stream()
        .map(
            space ->
                finding(Check.INDEX_BLOAT, space, "")
                    .mend(
                        Remedy.sql(
                            "REINDEX INDEX CONCURRENTLY " + Sql.quote(space.name()) + ";",
                            "hinders nobody; needs the disk of a second index")))
        .toList();
  }
}
