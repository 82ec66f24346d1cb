package io.tideline.archive;

import io.tideline.row.RowRanges;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the archive shows of one table: the rows that left it and did not come back.
 *
 * @param table the table's name for a person; the view's name
 * @param segments in the order they were sealed
 */
public record ArchiveView(String table, List<Segment> segments) {
  /** Copies the list. */
  public ArchiveView {
    segments = List.copyOf(segments);
  }

  /**
   * One segment's part of the view.
   *
   * @param file the file
   * @param format its format's name
   * @param schema what it holds, types decided
   * @param hiddenKey whether its first column is a hidden key
   * @param exceptions how many values of each column stand among the exact values
   * @param rows the rows of the file
   * @param hidden the rows that the view leaves out: changed, kept, restored
   * @param outcomes the outcome of rows for which it is not {@code deleted}, by its name
   * @param run the run that wrote it
   * @param sealedAt when it was sealed
   */
  public record Segment(
      Path file,
      String format,
      SegmentSchema schema,
      boolean hiddenKey,
      Map<String, Long> exceptions,
      long rows,
      RowRanges hidden,
      Map<String, RowRanges> outcomes,
      String run,
      Instant sealedAt) {
    /** Copies the maps. */
    public Segment {
      exceptions = Map.copyOf(exceptions);
      outcomes = Map.copyOf(outcomes);
    }

    /** The same, with other rows left out. */
    public Segment hiding(RowRanges others) {
      return new Segment(
          file, format, schema, hiddenKey, exceptions, rows, others, outcomes, run, sealedAt);
    }
  }
}
