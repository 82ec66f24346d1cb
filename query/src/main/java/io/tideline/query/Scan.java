package io.tideline.query;

import io.tideline.archive.ArchiveView.Segment;
import io.tideline.archive.SegmentSchema;
import io.tideline.catalogue.NaturalType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** How DuckDB reads files of one format. */
interface Scan {
  /** The table function over files. */
  String from(List<Segment> segments);

  /** The expression of a row's number within its file. */
  String ordinal();

  /** A column as a value of its natural type. */
  String value(String raw, NaturalType type);

  /** The scan of a format by its name. */
  static Scan of(String format, SegmentSchema schema) {
    return switch (format) {
      case "parquet" -> new Parquet();
      case "jsonl" -> new Jsonl(schema);
      default -> throw new IllegalArgumentException("Cannot query segments of format " + format);
    };
  }

  /** Parquet, whose types are natural already. */
  record Parquet() implements Scan {
    @Override
    public String from(List<Segment> segments) {
      return "read_parquet(" + Sql.list(segments.stream().map(ViewNames::file).toList()) + ")";
    }

    @Override
    public String ordinal() {
      return "f.file_row_number";
    }

    @Override
    public String value(String raw, NaturalType type) {
      return raw;
    }
  }

  /** JSONL, whose rows bear their number. */
  record Jsonl(SegmentSchema schema) implements Scan {
    private static final long LONGEST_LINE = 64L << 20;
    private static final long SHORTEST_LINE = 1L << 20;

    @Override
    public String from(List<Segment> segments) {
      List<String> columns = new ArrayList<>();
      List<String> names = schema.fileNames();
      for (int i = 0; i < names.size(); i++) {
        columns.add(column(names.get(i), Types.json(schema.columns().get(i).type())));
      }
      columns.add(column(schema.exactColumn(), "JSON"));
      columns.add(column(schema.ordinalColumn(), "BIGINT"));
      return "read_json("
          + Sql.list(segments.stream().map(ViewNames::file).toList())
          + ", format = 'newline_delimited', maximum_object_size = "
          + longest(segments)
          + ", columns = {"
          + String.join(", ", columns)
          + "})";
    }

    private static String column(String name, String type) {
      return Sql.literal(name) + ": " + Sql.literal(type);
    }

    /** DuckDB takes twice as much for each thread, so small files ask for little. */
    private static long longest(List<Segment> segments) {
      long longest = SHORTEST_LINE;
      for (Segment segment : segments) {
        try {
          longest = Math.max(longest, Files.size(segment.file()));
        } catch (IOException e) {
          return LONGEST_LINE;
        }
      }
      return Math.min(longest, LONGEST_LINE);
    }

    @Override
    public String ordinal() {
      return "f." + Sql.quote(schema.ordinalColumn());
    }

    @Override
    public String value(String raw, NaturalType type) {
      if (type.family() == NaturalType.Family.BLOB) {
        return "unhex(" + raw + ")";
      }
      return Types.json(type).equals(Types.name(type))
          ? raw
          : "CAST(" + raw + " AS " + Types.name(type) + ")";
    }
  }
}
