package io.tideline.run;

import io.tideline.plan.Kept;
import io.tideline.policy.Action;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one policy did.
 *
 * @param policy its name
 * @param table the table
 * @param action what was done with the rows
 * @param cutoff rows strictly older expired
 * @param archived rows written to sealed and verified segments
 * @param removed rows that left the table
 * @param gone rows that were to go and were missing then: the application deleted them first; the
 *     archive, if they were archived, shows them so
 * @param bytes bytes of the values of the removed rows
 * @param segments sealed segments
 * @param archiveBytes bytes of the segments
 * @param kept rows that stay, by reason
 * @param partitions the partitions that were dropped whole; their rows are part of {@code removed}
 * @param skipped why it was not carried out; empty if it was
 */
public record PolicyReport(
    String policy,
    String table,
    Action action,
    Optional<Instant> cutoff,
    long archived,
    long removed,
    long gone,
    long bytes,
    int segments,
    long archiveBytes,
    List<Kept> kept,
    @Nullable List<String> partitions,
    @Nullable String skipped) {
  /** How the reason begins where a window was closed. */
  public static final String OUTSIDE = "the window ";

  /** Copies the lists; reports of earlier versions lack the last ones. */
  public PolicyReport {
    kept = List.copyOf(kept);
    partitions = partitions == null ? List.of() : List.copyOf(partitions);
    skipped = skipped == null ? "" : skipped;
  }

  /** What a policy did row by row. */
  public PolicyReport(
      String policy,
      String table,
      Action action,
      Optional<Instant> cutoff,
      long archived,
      long removed,
      long gone,
      long bytes,
      int segments,
      long archiveBytes,
      List<Kept> kept) {
    this(
        policy,
        table,
        action,
        cutoff,
        archived,
        removed,
        gone,
        bytes,
        segments,
        archiveBytes,
        kept,
        List.of(),
        "");
  }

  /** The partitions that were dropped whole. */
  @Override
  public List<String> partitions() {
    return partitions == null ? List.of() : partitions;
  }

  /** Why it was not carried out; empty if it was. */
  @Override
  public String skipped() {
    return skipped == null ? "" : skipped;
  }

  /** Whether it was not carried out because its window was closed. */
  public boolean outsideWindow() {
    return skipped().startsWith(OUTSIDE);
  }

  /** The rows that stay although the policy asked for them to go. */
  public long left() {
    return kept.stream().filter(k -> !k.reason().asAsked()).mapToLong(Kept::rows).sum();
  }
}
