package io.tideline.maintenance.indexes;

import io.tideline.dialect.IndexCost;
import io.tideline.health.Finding;
import io.tideline.tuning.IndexStanding;
import java.util.List;
import java.util.Optional;

/**
 * How the declared indexes stand.
 *
 * @param place the database
 * @param declared each declared index, in the order of the file
 * @param findings the real indexes that nobody reads or that repeat others
 * @param obstacles what would hold a build up now
 */
public record IndexReport(
    String place, List<Line> declared, List<Finding> findings, List<Finding> obstacles) {
  /** Copies the lists. */
  public IndexReport {
    declared = List.copyOf(declared);
    findings = List.copyOf(findings);
    obstacles = List.copyOf(obstacles);
  }

  /**
   * A declared index.
   *
   * @param standing how it stands
   * @param cost what making it would cost; empty where nothing is to be made
   * @param statement what makes it; empty where nothing is to be made
   */
  public record Line(IndexStanding standing, Optional<IndexCost> cost, String statement) {}

  /** Whether all is as declared. */
  public boolean asDeclared() {
    return declared.stream().allMatch(each -> each.standing().state().asDeclared());
  }
}
