package io.tideline.core.archive;

import io.tideline.row.RowRanges;
import java.time.Instant;
import java.util.List;

/**
 * What became of every row of a manifest, as exceptions to "all deleted". Written once, when the
 * deletes are durable.
 *
 * @param version the version of the archive's form
 * @param run the run that closed the manifest
 * @param closedAt when
 * @param segments one for each segment of the manifest, in its order
 */
public record Outcome(int version, String run, Instant closedAt, List<OfSegment> segments) {
  /** What an outcome's file has after the number of its manifest. */
  static final String ENDING = ".outcome.json";

  /** Copies the list. */
  public Outcome {
    segments = List.copyOf(segments);
  }

  /**
   * The exceptions of one segment.
   *
   * @param gone rows that the application itself had deleted
   * @param changed rows that had changed; they stay live, and this copy of them is void
   * @param kept rows that stay live for another reason
   * @param differs rows in whose place a run that finished another's work found a different row:
   *     they changed before they could be deleted, or they were deleted and others came; they are
   *     shown
   * @param reasons why rows were kept: each reason with its rows
   */
  public record OfSegment(
      RowRanges gone,
      RowRanges changed,
      RowRanges kept,
      RowRanges differs,
      List<KeptRows> reasons) {
    /** Copies the list. */
    public OfSegment {
      reasons = List.copyOf(reasons);
    }

    /** Every row was deleted. */
    public static OfSegment allDeleted() {
      RowRanges none = RowRanges.empty();
      return new OfSegment(none, none, none, none, List.of());
    }

    /** The rows that are not in the archive's view. */
    public RowRanges hidden() {
      return changed.or(kept);
    }
  }

  /**
   * Rows kept for one reason.
   *
   * @param reason the reason's word
   * @param detail what more is known
   * @param rows the rows
   */
  public record KeptRows(String reason, String detail, RowRanges rows) {}
}
