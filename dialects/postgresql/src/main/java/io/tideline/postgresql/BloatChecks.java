package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.health.Certainty;
import io.tideline.health.Check;
import io.tideline.health.Figures;
import io.tideline.health.Finding;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import io.tideline.health.Thresholds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Space in tables and indexes that holds nothing: read page by page where that can be. */
final class BloatChecks {
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
   * @param waste the bytes that hold nothing
   */
  private record Space(TableName name, long bytes, long waste, String basis, Certainty sure) {
    static Space guessed(Estimate guess) {
      return new Space(
          guess.name(),
          guess.bytes(),
          guess.waste(),
          "estimate: the planner's statistics",
          Certainty.GUESS);
    }

    static Space read(Estimate guess, PageStatistics.Space pages) {
      return new Space(
          guess.name(), pages.bytes(), guess.waste(pages), pages.basis(), pages.sure());
    }

    boolean tells(double share, long least) {
      return waste >= least && share() >= share;
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
    List<Estimate> guesses = wasteful(sql, share);
    for (int i = 0; i < guesses.size(); i++) {
      Estimate guess = guesses.get(i);
      boolean among = i < READ;
      pages
          .filter(each -> among)
          .flatMap(each -> reading.of(each, guess.oid()))
          .map(read -> Space.read(guess, read))
          .or(() -> guess.partial() ? Optional.empty() : Optional.of(Space.guessed(guess)))
          .filter(space -> space.tells(share, thresholds.bytes()))
          .ifPresent(found::add);
    }
    return found;
  }

  private List<Estimate> wasteful(String sql, double share) {
    String least = Long.toString(Math.max(1, thresholds.bytes()));
    return asking.rows(sql.formatted(least), Estimate::of).stream()
        .filter(guess -> Space.guessed(guess).tells(share, thresholds.bytes()))
        .sorted(Comparator.comparingLong((Estimate guess) -> guess.waste()).reversed())
        .toList();
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
