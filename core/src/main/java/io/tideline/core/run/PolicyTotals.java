package io.tideline.core.run;

import io.tideline.catalogue.Partition;
import io.tideline.core.archive.Manifest;
import io.tideline.core.plan.Tally;
import io.tideline.plan.PolicyPlan;
import io.tideline.plan.Reason;
import io.tideline.run.PolicyReport;
import java.util.ArrayList;
import java.util.List;

/** Adds up what one policy did. */
final class PolicyTotals {
  private final PolicyPlan plan;
  private final Tally kept = new Tally();
  private final List<String> partitions = new ArrayList<>();
  private long archived;
  private long removed;
  private long gone;
  private int segments;
  private long archiveBytes;
  private String skipped = "";

  /**
   * @param trees whether its rows go as trees: then the run tells which ones stay because rows
   *     refer to them, for it looks after the policies before it are done
   */
  PolicyTotals(PolicyPlan plan, boolean trees) {
    this.plan = plan;
    kept.addKept(
        plan.kept().stream()
            .filter(each -> !trees || each.reason() != Reason.REFERRED_TO)
            .toList());
  }

  /** Notes why the policy is not carried out. */
  void skip(String why) {
    skipped = why;
  }

  /** Counts a sealed segment. */
  void sealed(Manifest manifest) {
    for (Manifest.Segment segment : manifest.segments()) {
      archived += segment.rows();
      segments++;
      archiveBytes += segment.bytes();
    }
  }

  /** Counts rows that a batch removed. */
  void removed(long rows) {
    removed += rows;
  }

  /** The rows removed so far, those of whole partitions among them. */
  long removed() {
    return removed;
  }

  /** Names a partition that was dropped whole. */
  void dropped(Partition partition) {
    partitions.add(partition.name().toString());
  }

  /** Counts the rows of a chunk that stay, and those that the application deleted. */
  void kept(Fates fates) {
    kept.addKept(fates.kept());
    gone(fates);
  }

  /** Counts the rows of a chunk that the application deleted. */
  void gone(Fates fates) {
    gone += fates.gone();
  }

  /** Counts trees that stay, by their roots. */
  void kept(Tally rows) {
    kept.addKept(rows);
  }

  /** The plan measured the rows that go; what was removed is their share. */
  private long bytes() {
    return Math.round((double) plan.bytes() * removed / Math.max(1, plan.rows()));
  }

  /** What the policy did so far. */
  PolicyReport report() {
    return new PolicyReport(
        plan.policy().name(),
        plan.table().toString(),
        plan.policy().action(),
        plan.cutoff(),
        archived,
        removed,
        gone,
        bytes(),
        segments,
        archiveBytes,
        kept.kept(),
        partitions,
        skipped);
  }
}
