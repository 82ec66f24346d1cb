package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.archive.ArchiveView;
import io.tideline.archive.SegmentColumn;
import io.tideline.archive.SegmentFormat;
import io.tideline.archive.SegmentSchema;
import io.tideline.archive.SegmentWriter;
import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.cli.output.Form;
import io.tideline.cli.output.Style;
import io.tideline.row.Row;
import io.tideline.row.RowRanges;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArchiveRowsTest {
  private static final Instant SEALED = Instant.parse("2026-05-02T10:00:00Z");

  @TempDir Path dir;

  @Test
  void showsWhatTheViewShowsOverSegmentsThatDiffer() throws IOException {
    ArchiveView.Segment old =
        segment("r1", true, List.of("_rowid", "a"), List.of(row(1, 10), row(2, 11), row(3, 12)));
    ArchiveView.Segment wider = segment("r2", false, List.of("a", "day"), List.of(row(13, 1)));
    ArchiveView view = new ArchiveView("t", List.of(old, wider));

    assertThat(export(view, List.of()))
        .isEqualTo(
            """
            a,day,_outcome,_run,_archived_at
            10,,deleted,r1,2026-05-02 10:00:00Z
            12,,gone,r1,2026-05-02 10:00:00Z
            13,1970-01-02,deleted,r2,2026-05-02 10:00:00Z
            """);
    assertThat(export(view, List.of("r2")))
        .isEqualTo(
            """
            a,day,_outcome,_run,_archived_at
            13,1970-01-02,deleted,r2,2026-05-02 10:00:00Z
            """);
  }

  private static String export(ArchiveView view, List<String> runs) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    new ArchiveRows(runs).write(view, Form.CSV.to(out, new Style(false)));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private ArchiveView.Segment segment(
      String run, boolean hiddenKey, List<String> columns, List<Row> rows) throws IOException {
    SegmentSchema schema =
        new SegmentSchema("t", columns.stream().map(ArchiveRowsTest::column).toList());
    SegmentFormat format =
        ServiceLoader.load(SegmentFormat.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(f -> f.name().equals("jsonl"))
            .findFirst()
            .orElseThrow();
    Path file = dir.resolve(run + "." + format.extension());
    try (SegmentWriter writer = format.write(Files.newOutputStream(file), schema)) {
      for (Row row : rows) {
        writer.write(row);
      }
      writer.finish();
      return new ArchiveView.Segment(
          file,
          "jsonl",
          writer.schema(),
          hiddenKey,
          writer.exceptions(),
          rows.size(),
          hiddenKey ? RowRanges.parse("1") : RowRanges.empty(),
          hiddenKey ? Map.of("gone", RowRanges.parse("2")) : Map.of(),
          run,
          SEALED);
    }
  }

  private static SegmentColumn column(String name) {
    Family family = name.equals("day") ? Family.DATE : Family.INT64;
    return new SegmentColumn(name, "", NaturalType.of(family));
  }

  private static Row row(long a, long b) {
    Row row = new Row(2);
    row.setInteger(0, a);
    row.setInteger(1, b);
    return row;
  }
}
