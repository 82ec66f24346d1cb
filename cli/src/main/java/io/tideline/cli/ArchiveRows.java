package io.tideline.cli;

import io.tideline.archive.ArchiveView;
import io.tideline.archive.SegmentColumn;
import io.tideline.archive.SegmentFormat;
import io.tideline.archive.SegmentReader;
import io.tideline.cli.output.Answer;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import io.tideline.row.RowRanges;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Reads the rows that a view of the archive shows, segment by segment, never many at once. */
final class ArchiveRows {
  private static final List<String> ADDED = List.of("_outcome", "_run", "_archived_at");

  private final List<String> runs;

  /**
   * @param runs only segments of these runs; all if empty
   */
  ArchiveRows(List<String> runs) {
    this.runs = runs;
  }

  /**
   * Gives every row to an answer and ends it. Columns are those of all segments in the order they
   * first appear; a segment that lacks one shows no value.
   *
   * @return the number of rows
   */
  long write(ArchiveView view, Answer answer) {
    List<ArchiveView.Segment> segments =
        view.segments().stream().filter(s -> runs.isEmpty() || runs.contains(s.run())).toList();
    Map<String, Integer> places = new LinkedHashMap<>();
    List<String> types = new ArrayList<>();
    for (ArchiveView.Segment segment : segments) {
      for (SegmentColumn column : columns(segment)) {
        if (places.putIfAbsent(column.name(), places.size()) == null) {
          types.add(column.type().family().name());
        }
      }
    }
    List<String> names = new ArrayList<>(places.keySet());
    names.addAll(ADDED);
    ADDED.forEach(name -> types.add("TEXT"));
    answer.columns(names, types);
    long count = 0;
    for (ArchiveView.Segment segment : segments) {
      count += write(segment, places, answer);
    }
    answer.end();
    return count;
  }

  private static List<SegmentColumn> columns(ArchiveView.Segment segment) {
    List<SegmentColumn> columns = segment.schema().columns();
    return segment.hiddenKey() ? columns.subList(1, columns.size()) : columns;
  }

  private static long write(
      ArchiveView.Segment segment, Map<String, Integer> places, Answer answer) {
    long count = 0;
    List<SegmentColumn> columns = segment.schema().columns();
    int first = segment.hiddenKey() ? 1 : 0;
    Row row = new Row(columns.size());
    try (SegmentReader reader = format(segment.format()).read(segment.file(), segment.schema())) {
      for (int ordinal = 0; reader.next(row); ordinal++) {
        if (segment.hidden().contains(ordinal)) {
          continue;
        }
        @Nullable Object[] values = new Object[places.size() + ADDED.size()];
        for (int i = first; i < columns.size(); i++) {
          Integer place = places.get(columns.get(i).name());
          if (place != null) {
            values[place] = Values.natural(columns.get(i).type(), row, i);
          }
        }
        values[places.size()] = outcome(segment, ordinal);
        values[places.size() + 1] = segment.run();
        values[places.size() + 2] = segment.sealedAt();
        count++;
        if (!answer.row(values)) {
          return count;
        }
      }
    } catch (IOException e) {
      throw new TidelineException(
          ErrorCode.ARCHIVE_CORRUPT,
          "Cannot read the segment " + segment.file() + ": " + e.getMessage() + ".",
          "Database and archive are unchanged.",
          "See what is damaged with 'tideline verify'.",
          e);
    }
    return count;
  }

  private static String outcome(ArchiveView.Segment segment, int ordinal) {
    for (Map.Entry<String, RowRanges> entry : segment.outcomes().entrySet()) {
      if (entry.getValue().contains(ordinal)) {
        return entry.getKey();
      }
    }
    return "deleted";
  }

  private static SegmentFormat format(String name) {
    for (SegmentFormat format : ServiceLoader.load(SegmentFormat.class)) {
      if (format.name().equals(name)) {
        return format;
      }
    }
    throw new TidelineException(
        ErrorCode.ARCHIVE_TOO_NEW,
        "Cannot read segments of the format '" + name + "'.",
        "Database and archive are unchanged.",
        "Use a Tideline that has this format.");
  }
}
