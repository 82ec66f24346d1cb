package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.UnseenException;
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
      long oid, TableName name, long bytes, long waste, double fill, String basis, Certainty sure) {
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
    Optional<String> reader =
        asking.rows(BloatSql.READER, row -> row.getString(1)).stream().findFirst();
    List<Finding> findings = new ArrayList<>();
    int read = 0;
    for (Space guess : wasteful(sql, TABLE)) {
      Space space = guess;
      if (reader.isPresent() && read++ < READ) {
        space = read(guess, reader.get());
      }
      if (space.waste() >= thresholds.bytes() && space.share() >= TABLE) {
        findings.add(bloat(space, what));
      }
    }
    return findings;
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
        row.getDouble("fill"),
        "estimate: the planner's statistics",
        Certainty.GUESS);
  }

  /** Pages that are known to be all visible are not read, but their free space is known too. */
  private Space read(Space guess, String schema) {
    try {
      return asking
          .rows(
              "SELECT table_len, approx_free_space + dead_tuple_len FROM %s.pgstattuple_approx(%s)"
                  .formatted(Sql.quote(schema), Long.toString(guess.oid())),
              row -> {
                long bytes = row.getLong(1);
                long reserved = (long) (bytes * (1 - guess.fill()));
                long waste = Math.max(0, row.getLong(2) - reserved);
                return new Space(
                    guess.oid(),
                    guess.name(),
                    bytes,
                    waste,
                    guess.fill(),
                    "pgstattuple",
                    Certainty.SURE);
              })
          .stream()
          .findFirst()
          .orElse(guess);
    } catch (UnseenException e) {
      return guess; // it took too long: the estimate stands
    }
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
    return wasteful(BloatSql.INDEXES, INDEX).stream()
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
