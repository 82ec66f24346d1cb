package io.tideline.testkit.formats;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.archive.SegmentColumn;
import io.tideline.archive.SegmentSchema;
import io.tideline.catalogue.NaturalType;
import io.tideline.row.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reader that shares no code with us sees the same rows and natural types. */
final class ParquetReadBackTest {
  @TempDir Path folder;

  @Test
  void duckdb_reads_what_was_written() throws Exception {
    long seed = new Random().nextLong(1_000_000);
    RandomSegments random = new RandomSegments(seed);
    SegmentSchema schema = random.schema(35);
    List<Row> rows = random.rows(schema, 2_000);
    SegmentFormatContract.Written written =
        SegmentFormatContract.write(SegmentFormatContract.load("parquet"), schema, rows);
    Path file = Files.write(folder.resolve("s.parquet"), written.bytes());
    List<String> names = new ArrayList<>();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      try (ResultSet columns = statement.executeQuery("DESCRIBE FROM '" + file + "'")) {
        for (int i = 0; columns.next(); i++) {
          names.add(columns.getString(1));
          if (i < 35) {
            assertThat(columns.getString(2))
                .as("seed %s", seed)
                .isEqualTo(type(written.schema().columns().get(i)));
          }
        }
      }
      assertThat(names.subList(0, 35)).isEqualTo(schema.fileNames());
      assertThat(names.get(35)).isEqualTo(schema.exactColumn());
      for (int i = 0; i < 35; i++) {
        String count = "SELECT count(\"%s\"), count(DISTINCT \"%1$s\") FROM '%s'";
        try (ResultSet counts =
            statement.executeQuery(count.formatted(names.get(i).replace("\"", "\"\""), file))) {
          int column = i;
          long there = rows.stream().filter(row -> !row.isNull(column)).count();
          long exact = written.exceptions().getOrDefault(schema.columns().get(i).name(), 0L);
          assertThat(counts.next()).isTrue();
          assertThat(counts.getLong(1)).as("seed %s", seed).isEqualTo(there - exact);
        }
      }
    }
  }

  private static String type(SegmentColumn column) {
    NaturalType type = column.type();
    return switch (type.family()) {
      case INT32 -> "INTEGER";
      case INT64 -> "BIGINT";
      case FLOAT32 -> "FLOAT";
      case FLOAT64 -> "DOUBLE";
      case DECIMAL -> "DECIMAL(" + type.precision() + "," + type.scale() + ")";
      case TEXT, ANY -> "VARCHAR";
      case TIMESTAMP_UTC -> "TIMESTAMP WITH TIME ZONE";
      default -> type.family().name();
    };
  }
}
